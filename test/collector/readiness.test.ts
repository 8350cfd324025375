import { expect } from 'chai';
import type { Node, Pod } from '../../src/cluster/objects.ts';
import { collectorPod } from '../../src/collector/pod.ts';
import { because, checkNode, isRunning } from '../../src/collector/readiness.ts';
import { SilentNodeError } from '../../src/collector/silent-node.ts';
import { OperationError } from '../../src/output/errors.ts';
import { aNode } from '../fake-api/builders.ts';
import { running } from './fake-kubelet.ts';

const sent = collectorPod({
  name: 'ir-collector-1',
  namespace: 'kubectl-ir',
  node: 'node-a',
  image: 'busybox:1',
  subjectUid: 'none',
  spoolMiB: 64,
});
type Status = NonNullable<Pod['status']>;
type State = NonNullable<NonNullable<Status['containerStatuses']>[number]['state']>;

function withState(state: State, status: Partial<Status> = {}): Pod {
  const entry = { name: 'collector', image: '', imageID: '', ready: false, restartCount: 0, state };
  return { ...sent, status: { phase: 'Pending', containerStatuses: [entry], ...status } };
}

describe('isRunning', () => {
  it('waits while the pod may still come up', () => {
    expect(isRunning(sent)).to.equal(false);
    expect(isRunning(withState({ waiting: { reason: 'ContainerCreating' } }))).to.equal(false);
    expect(isRunning(running(sent))).to.equal(true);
  });

  const failures: [string, Pod | undefined, RegExp][] = [
    ['deleted', undefined, /was deleted by somebody else/],
    [
      'being deleted',
      { ...sent, metadata: { ...sent.metadata, deletionTimestamp: 'x' } },
      /is being deleted/,
    ],
    [
      'without image',
      withState({ waiting: { reason: 'ErrImagePull', message: 'no such\nhost \u001b[2J' } }),
      /^node node-a cannot get the collector image busybox:1: ErrImagePull, no such host \\x1b\[2J$/,
    ],
    [
      'not startable',
      withState({ waiting: { reason: 'CreateContainerError', message: 'sh not found' } }),
      /^node node-a cannot start the collector: CreateContainerError, sh not found$/,
    ],
    [
      'refused by the kubelet',
      { ...sent, status: { phase: 'Failed', reason: 'OutOfpods', message: 'Node has no room' } },
      /^node node-a refused the collector: OutOfpods, Node has no room$/,
    ],
    [
      'ended',
      withState({ terminated: { exitCode: 127, reason: 'Error' } }, { phase: 'Failed' }),
      /^the collector on node node-a ended at once with exit code 127: Error$/,
    ],
  ];
  for (const [name, pod, message] of failures) {
    it(`gives up on a pod that is ${name}`, () => {
      expect(() => isRunning(pod)).to.throw(OperationError, message);
    });
  }
});

describe('checkNode', () => {
  it('accepts a ready Linux node', () => {
    expect(() => checkNode(aNode('node-a'))).not.to.throw();
  });

  it('tells a kubelet that does not answer from one that says itself that it is not ready, and from none yet', () => {
    const condition = { type: 'Ready', reason: 'NodeStatusUnknown', message: 'Kubelet stopped.' };
    const silent = ['Unknown', 'False', undefined].map((status) => {
      const conditions = status === undefined ? [] : [{ ...condition, status }];
      try {
        checkNode({ ...aNode('node-a'), status: { conditions } });
      } catch (error) {
        return error instanceof SilentNodeError;
      }
      return 'accepted';
    });
    expect(silent).to.deep.equal([true, false, false]);
  });

  it('names what is wrong', () => {
    const node: Node = { ...aNode('node-a'), status: { conditions: [] } };
    expect(() => checkNode(node)).to.throw(OperationError, /^node node-a is not ready$/);
    const condition = {
      type: 'Ready',
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped.',
    };
    expect(() => checkNode({ ...node, status: { conditions: [condition] } })).to.throw(
      'node node-a is not ready: NodeStatusUnknown, Kubelet stopped.',
    );
    const windows = { ...aNode('w'), metadata: { name: 'w', labels: { 'kubernetes.io/os': 'windows' } } };
    expect(() => checkNode(windows)).to.throw('node w runs windows; only Linux nodes can be read');
  });
});

describe('because', () => {
  it('is empty, or one bounded line', () => {
    expect(because(undefined, ' ')).to.equal('');
    expect(because('A', 'x'.repeat(10_000)).length).to.equal(602);
  });
});
