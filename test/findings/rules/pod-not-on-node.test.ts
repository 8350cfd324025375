import { expect } from 'chai';
import { judge } from '../../../src/findings/judge.ts';
import { podNotOnNode } from '../../../src/findings/rules/pod-not-on-node.ts';
import {
  agent,
  bookOf,
  cleanNode,
  type Items,
  matchesOf,
  podList,
  podObject,
  processItems,
  seenBy,
  specItems,
  web,
} from '../traces-lab.ts';

const place = 'live_response/kubernetes';
const system = { name: 'agent', namespace: 'kube-system' };
const shown = podObject(agent, system);
const nothing = 'the node has no process, cgroup or container of it';

/** What API server says before and after, and the kubelet, of one more pod than the node has. */
function lists(before: object | undefined, after: object | undefined, kubelet?: object): Items {
  const list = (pod: object | undefined): string =>
    podList(podObject(web), ...(pod === undefined ? [] : [pod]));
  return {
    [`${place}/pods-before.json`]: list(before),
    [`${place}/pods.json`]: list(after),
    [`${place}/kubelet/pods.json`]: list(kubelet),
  };
}

/** Of a pod that two lists of the API server have like this. */
function seenOf(before: object | undefined, after: object | undefined, ...more: readonly Items[]): string[] {
  return seenBy(podNotOnNode, lists(before, after), ...more);
}

function without(name: RegExp, items: Items): Items {
  return Object.fromEntries(Object.entries(items).filter(([each]) => !name.test(each)));
}

describe('rule pod-not-on-node', () => {
  it('finds a pod that only the API server has', () => {
    const [match, ...more] = matchesOf(podNotOnNode, lists(shown, shown));
    expect(more).to.deep.equal([]);
    expect(match?.severity ?? 'as the rule').to.equal('as the rule');
    expect(match?.subject).to.deep.equal({ namespace: 'kube-system', pod: 'agent' });
    expect(match?.seen).to.equal(`${nothing}, and its kubelet does not know it`);
    const line = `kube-system/agent uid ${agent.pod} running ${'b'.repeat(12)}`;
    expect(match?.evidence.map(({ name, excerpt }) => `${name} ${excerpt}`)).to.deep.equal([
      `${place}/pods-before.json ${line}`,
      `${place}/pods.json ${line}`,
    ]);
  });
  it('doubts more where the kubelet knows it, was not asked, or has just booted', () => {
    expect(seenBy(podNotOnNode, lists(shown, shown, shown))).to.deep.equal([
      `medium: ${nothing}, its kubelet says that it runs`,
    ]);
    const unasked = without(/kubelet\/pods/, { ...cleanNode(), ...lists(shown, shown) });
    const { findings } = judge([podNotOnNode], [bookOf(unasked).docket()], 'c');
    expect(findings.map(({ severity, confidence, seen }) => [severity, confidence, seen])).to.deep.equal([
      ['medium', 'low', nothing],
    ]);
    const booted = { '[root]/proc/uptime': '290.00 1.00\n' };
    const early = processItems(1, { exe: '/usr/lib/systemd/systemd', started: 1 });
    expect(seenOf(shown, shown, booted, early)[0]).to.match(/^low: /);
  });
  it('knows a pod by a process, a container without one, and a manifest', () => {
    expect(seenOf(shown, shown, processItems(11, { in: agent }))).to.deep.equal([]);
    expect(seenOf(shown, shown, specItems(agent, { kind: 'sandbox' }))).to.deep.equal([]);
    const hash = '7'.repeat(32);
    const mirror = podObject(agent, { ...system, annotations: { 'kubernetes.io/config.hash': hash } });
    const inside = processItems(11, { cgroup: `/kubepods/pod${hash}/${'c'.repeat(64)}` });
    expect(seenOf(mirror, mirror, inside)).to.deep.equal([]);
    // A mirror pod without its static pod is one that the API server alone has.
    expect(seenOf(mirror, mirror)).to.have.length(1);
  });
  it('leaves pods alone that came, went or ended between the looks', () => {
    const deleted = podObject(agent, { ...system, deleted: '2026-11-25T20:00:30Z' });
    const restarted = podObject({ ...agent, id: 'c'.repeat(64) }, system);
    const anew = podObject({ ...agent, pod: '99999999-0000-0000-0000-555555555555' }, system);
    for (const [before, after] of [
      [undefined, shown],
      [shown, undefined],
      [shown, deleted],
      [deleted, deleted],
      [shown, restarted],
      [shown, anew],
    ])
      expect(seenOf(before, after)).to.deep.equal([]);
  });
  it('leaves pods alone that do not run, or are done', () => {
    for (const more of [
      { phase: 'Pending', state: { waiting: { reason: 'ContainerCreating' } } },
      { state: { waiting: { reason: 'CrashLoopBackOff' } } },
      { phase: 'Succeeded', state: { terminated: { exitCode: 0 } } },
      // Evicted, and the states of its containers are not written yet.
      { phase: 'Failed' },
    ]) {
      const pod = podObject(agent, { ...system, ...more });
      expect(seenOf(pod, pod)).to.deep.equal([]);
    }
  });
  it('leaves our own collector alone, whose processes are no traces', () => {
    const book = bookOf({ ...cleanNode(), ...lists(shown, shown) }, `containerd://${agent.id}`);
    expect(judge([podNotOnNode], [book.docket()], 'c').findings).to.deep.equal([]);
  });
  it('takes a node of which nothing of any pod was seen for a look that was blind', () => {
    const bare = without(/\/proc\/10\/|config\.json$/, cleanNode());
    const items = { ...bare, ...lists(shown, shown) };
    const { findings } = judge([podNotOnNode], [bookOf(items).docket()], 'c');
    expect(findings.map(({ severity, seen }) => `${severity} ${seen}`)).to.deep.equal([
      'low nothing of any pod was found on the node, of which the API server says that 2 run',
    ]);
  });
  it('is not judged without a whole list of processes, or a look from before', () => {
    const all = { ...cleanNode(), ...lists(shown, shown) };
    for (const [gone, what] of [
      ['live_response/phases/processes.json', 'whole list of the processes of the node'],
      [`${place}/pods-before.json`, 'list of pods by the API server from before the look at the node'],
    ] as const) {
      const rest = without(new RegExp(gone), all);
      const { findings, notJudged } = judge([podNotOnNode], [bookOf(rest).docket()], 'c');
      expect(findings).to.deep.equal([]);
      expect(notJudged[0]?.reason).to.equal(`the case has no ${what} of this node`);
    }
    const gaps = [{ name: '[root]/proc/77/cgroup', why: 'timeout' }];
    const cut = judge([podNotOnNode], [{ ...bookOf(all).docket(), gaps }], 'c');
    expect([cut.findings.length, cut.notJudged.length]).to.deep.equal([0, 1]);
  });
  it('weighs little when the node was looked at at another time', () => {
    const book = bookOf({ ...cleanNode(), ...lists(shown, shown) });
    book.begin('2026-11-26T08:00:00.000Z', undefined);
    for (const [name, content] of Object.entries(processItems(1, { exe: '/usr/lib/systemd/systemd' })))
      if (typeof content === 'string')
        book.addBytes(
          { name: Buffer.from(name), source: { acquisition: 'later', item: 1, name } },
          Buffer.from(content),
        );
    book.end();
    const { findings } = judge([podNotOnNode], [book.docket()], 'c');
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['low']);
  });
});
