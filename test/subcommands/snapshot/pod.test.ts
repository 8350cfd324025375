import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UsageError } from '../../../src/output/errors.ts';
import { command, subjectOf } from '../../../src/subcommands/snapshot/pod.ts';
import { addNode } from '../../collector/fake-kubelet.ts';
import { localNode } from '../../collector/local-node.ts';
import { aPod } from '../../fake-api/builders.ts';
import { startFakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { runLine } from '../whole-line.ts';

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

/** What stands behind `Go on` when the network died after the collector had started, the case left out, and all that was said. */
async function goesOn(
  words: readonly string[],
  spec: object = {},
): Promise<{ readonly told: string; readonly url: string; readonly err: string }> {
  const [fake, place] = [await startFakeApi(), await mkdtemp(join(tmpdir(), 'snapshot-pod-'))];
  const node = localNode(place);
  try {
    addNode(fake, node);
    const pod = aPod('web', { metadata: { name: 'web', namespace: 'prod', labels: { app: 'a' } } });
    fake.put({ ...pod, spec: { ...pod.spec, ...spec } });
    let execs = 0;
    fake.intercept(({ path }) =>
      path.endsWith('/exec') && (execs += 1) > 3 ? { status: 502, body: 'gone' } : undefined,
    );
    const dir = join(place, 'my case');
    const cluster = ['--server', fake.url, '--token', 'fake-token', '--collector-namespace', 'forensics'];
    const { code, err } = await runLine(['snapshot', 'pod', ...words, ...cluster, '--case', dir]);
    expect(code, err).to.equal(3);
    const [, told = ''] = /^Go on +kubectl ir snapshot (.*)$/m.exec(err) ?? [];
    const end = ` --case '${dir}'`;
    expect(told.slice(-end.length), err).to.equal(end);
    return { told: told.slice(0, -end.length), url: fake.url, err };
  } finally {
    node.remove();
    await fake.close();
    await rm(place, { recursive: true, force: true });
  }
}

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

  it('says how to go on in the same place, whatever the context', async () => {
    const one = await goesOn(['web', '-n', 'prod', '--memory', '17']);
    expect(one.told).to.equal(
      `pod web -n prod --memory 17 --server=${one.url} --collector-namespace=forensics`,
    );
    const all = await goesOn(['-l', 'app in (a,b)', '-A']);
    expect(all.told).to.equal(`pod -l 'app in (a,b)' -A --server=${all.url} --collector-namespace=forensics`);
  }).timeout(20_000);

  it('says whose sockets are taken of a pod in the network of its node', async () => {
    const sentence = /^Network {3}prod\/web is in that of its node: the sockets are those of the node$/m;
    const words = ['web', '-n', 'prod'];
    expect((await goesOn(words, { hostNetwork: true })).err).to.match(sentence);
    expect((await goesOn(words)).err).not.to.contain('Network');
  }).timeout(20_000);

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
