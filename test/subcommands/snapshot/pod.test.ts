import { expect } from 'chai';
import { UsageError } from '../../../src/output/errors.ts';
import { command, subjectOf } from '../../../src/subcommands/snapshot/pod.ts';
import { aPod } from '../../fake-api/builders.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

const start = (
  words: readonly string[],
  memory: readonly string[] = [],
  flags: Readonly<Record<string, unknown>> = {},
): Promise<number> =>
  command.start(
    words,
    { 'collector-namespace': 'kubectl-ir', 'all-namespaces': false, memory, ...flags },
    // No kubeconfig: whatever gets past the command line fails there.
    {
      io: memoryIo({ env: { KUBECONFIG: '/nonexistent' } }),
      global: {},
      signal: new AbortController().signal,
    },
  );

describe('snapshot pod', () => {
  it('wants one pod, and PIDs that are ones', async () => {
    for (const words of [[], ['a', 'b', 'c'], ['deploy/web'], ['pod/a/b']])
      expect(await failureOf(start(words)), words.join(' ')).to.be.instanceOf(UsageError);
    for (const memory of [['0'], ['-1'], ['1;2'], ['all', 'x']])
      expect(await failureOf(start(['web'], memory)), memory.join(' ')).to.be.instanceOf(UsageError);
    expect(await failureOf(start(['pod/web'], ['all', '17']))).not.to.be.instanceOf(UsageError);
  });

  it('wants a name, or labels, or all, and no PIDs of several', async () => {
    const everywhere = { 'all-namespaces': true };
    for (const flags of [{ selector: 'a=b' }, everywhere])
      expect(await failureOf(start(['web'], [], flags))).to.be.instanceOf(UsageError);
    expect(await failureOf(start([], ['17'], { selector: 'a=b' }))).to.be.instanceOf(UsageError);
    for (const flags of [{ selector: 'a=b' }, everywhere, { selector: 'a=b', ...everywhere }])
      expect(await failureOf(start([], ['all'], flags))).not.to.be.instanceOf(UsageError);
  });

  it('knows a pod as its node does, with the instances that ended', () => {
    const pod = aPod('web');
    const [status] = pod.status?.containerStatuses ?? [];
    if (status === undefined) throw new Error('the pod has no status');
    const lastState = { terminated: { exitCode: 1, containerID: `containerd://${'c'.repeat(64)}` } };
    const restarted = {
      ...pod,
      metadata: { ...pod.metadata, uid: 'u' },
      status: { containerStatuses: [{ ...status, lastState }] },
    };
    expect(subjectOf(restarted, [17])).to.deep.equal({
      uid: 'u',
      containers: ['b'.repeat(64), 'c'.repeat(64)],
      logs: 'default_web_u',
      memory: [17],
    });
    const annotations = { 'kubernetes.io/config.hash': 'h' };
    const mirror = { ...restarted, metadata: { ...restarted.metadata, annotations } };
    expect(subjectOf(mirror, [])).to.include({ uid: 'h', logs: 'default_web_h' });
  });

  it('takes no identity of a container that is none', () => {
    const pod = aPod('web', {
      status: {
        containerStatuses: [
          {
            name: 'x',
            image: '',
            imageID: '',
            ready: true,
            restartCount: 0,
            containerID: 'containerd://../../etc',
          },
        ],
      },
    });
    expect(subjectOf(pod, []).containers).to.deep.equal([]);
  });
});
