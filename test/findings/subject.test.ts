import { expect } from 'chai';
import {
  contained,
  containerSubject,
  holderOf,
  knownOf,
  onePerContainer,
  processEvidence,
  sameNamespace,
  startingIn,
  subjectOf,
} from '../../src/findings/subject.ts';
import { agent, bookOf, cleanNode, processItems, specItems, web } from './traces-lab.ts';

const traces = bookOf({
  ...cleanNode(),
  ...processItems(11, { in: agent, args: ['a\u001b[2J', 'b'] }),
  ...processItems(12, { in: { id: 'c'.repeat(64), pod: agent.pod } }),
  ...specItems(agent),
}).traces();
const byPid = (pid: number) => {
  const found = traces.processes.find((process) => process.pid === pid);
  if (found === undefined) throw new Error(`there is no process ${pid}`);
  return found;
};

describe('who a finding is about', () => {
  it('is told by the API, else by the specification, else by the cgroup', () => {
    expect(subjectOf(traces, byPid(10))).to.deep.equal({
      namespace: 'prod',
      pod: 'web',
      container: 'main',
      pid: 10,
      startTicks: 50000,
      started: '2026-11-25T19:38:20.00Z',
    });
    expect(containerSubject(traces, byPid(11))).to.deep.equal({
      namespace: 'prod',
      pod: 'web',
      container: 'main',
    });
    expect(subjectOf(traces, byPid(12))).to.include({ container: 'c'.repeat(12), pid: 12 });
    expect(subjectOf(traces, byPid(1))).to.have.all.keys('pid', 'startTicks', 'started');
  });
  it('has its witnesses', () => {
    const { pod, spec, container } = knownOf(traces, byPid(10));
    expect([pod?.value.name, spec?.value.id, container?.name]).to.deep.equal(['web', web.id, 'main']);
    expect(knownOf(traces, byPid(12))).to.deep.equal({});
  });
  it('is one of each container, the lowest pid', () => {
    expect(contained(traces).map(({ pid }) => pid)).to.deep.equal([10, 11, 12]);
    expect(onePerContainer([byPid(11), byPid(10), byPid(1)]).map(({ pid }) => pid)).to.deep.equal([10, 11]);
  });
  it('is shown with what it runs, escaped', () => {
    expect(processEvidence(byPid(11)).excerpt).to.equal('pid 11 runs /bin/app: a\\x1b[2J b ');
  });
  it('holds a socket by pid and start', () => {
    const holder = byPid(11);
    expect(holderOf(traces, holder)).to.equal(holder);
    const { stat } = holder;
    if (stat === undefined) throw new Error('there is no stat');
    expect(holderOf(traces, { ...holder, stat: { ...stat, startTicks: 1 } })).to.equal(undefined);
    expect(holderOf(traces, undefined)).to.equal(undefined);
  });
  it('is in the same namespace or another, or that is not known', () => {
    expect(sameNamespace(byPid(1), traces.host, 'mnt')).to.equal(true);
    expect(sameNamespace(byPid(10), traces.host, 'mnt')).to.equal(false);
    expect(sameNamespace(byPid(10), undefined, 'mnt')).to.equal(undefined);
  });
  it('is just being started where all that made it is young, up to a program of the node', () => {
    const young = { in: web, started: 10_000 };
    const tree = bookOf({
      ...cleanNode(),
      ...processItems(20, { namespaces: { mnt: 300 } }),
      ...processItems(21, { ...young, ppid: 1 }),
      ...processItems(22, { ...young, ppid: 21 }),
      ...processItems(23, { ...young, ppid: 10 }),
      ...processItems(24, { ...young, ppid: 23 }),
      ...processItems(25, { ...young, ppid: 20 }),
      ...processItems(26, { ...young, ppid: 26 }),
      ...processItems(27, { ...young, ppid: 9999 }),
    }).traces();
    const isStarting = startingIn(tree);
    const found = tree.processes.filter(isStarting).map(({ pid }) => pid);
    expect(found.sort()).to.deep.equal([21, 22, 26, 27]);
  });
});
