import { expect } from 'chai';
import { collectorPod } from '../../src/collector/pod.ts';
import { type RunOptions, runPod, type StartedPod } from '../../src/collector/run-pod.ts';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { failure } from '../fake-api/answer.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { addNode, running } from './fake-kubelet.ts';

const namespace = 'kubectl-ir';

describe('runPod', () => {
  const cluster = fakeCluster((fake) => {
    addNode(fake);
    fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });
  const pods = (): number => cluster.fake.list('pods').length;

  function run(
    io: Io = memoryIo(),
    signal = new AbortController().signal,
    answers?: RunOptions['answers'],
  ): Promise<StartedPod> {
    const about = { node: 'node-a', namespace, image: 'busybox:1', subjectUid: 'none', spoolMiB: 64 };
    const sent = collectorPod({ ...about, name: 'ir-collector-1' });
    return runPod(cluster.api, io, sent, {
      namespace,
      role: 'collector',
      what: 'the collector to run',
      ...(answers === undefined ? {} : { answers }),
      signal,
    });
  }

  it('waits for the service account of a new namespace', async () => {
    let tries = 0;
    cluster.fake.intercept(({ method, path }) => {
      if (method !== 'POST' || !path.endsWith('/pods') || (tries += 1) > 3) return undefined;
      const message =
        'pods "x" is forbidden: error looking up service account a/default: serviceaccount "default" not found';
      return failure(403, 'Forbidden', message);
    });
    await run();
    expect(tries).to.equal(4);
  });

  it('does not use a pod that a webhook changed, and removes it', async () => {
    cluster.fake.afterCreate('pods', (pod) => {
      const changed = running(structuredClone(pod));
      changed.spec?.containers.push({ name: 'sidecar' });
      return changed as typeof pod;
    });
    const error = await failureOf(run());
    expect(error.message).to.equal(
      'an admission webhook changed the collector pod, so it was not used: spec.containers[1]',
    );
    expect(pods()).to.equal(0);
  });

  it('tells of harmless changes', async () => {
    cluster.fake.afterCreate('pods', (pod) => {
      const changed = running(structuredClone(pod));
      changed.spec?.tolerations?.push({ key: 'a', operator: 'Exists' });
      return changed as typeof pod;
    });
    expect((await run()).changedByServer).to.deep.equal(['spec.tolerations[1]']);
  });

  const refusals: [string, string][] = [
    [
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged',
      'pod-security.kubernetes.io/enforce=privileged',
    ],
    ['pods "x" is forbidden: exceeded quota: q', 'without that quota'],
    ['admission webhook "w.example" denied the request: no', 'must let pods of namespace kubectl-ir through'],
    ['pods is forbidden: User "jane" cannot create resource "pods"', 'kubectl ir preflight'],
  ];
  for (const [message, advice] of refusals) {
    it(`says what to do about: ${message}`, async () => {
      cluster.fake.intercept(({ method, path }) =>
        method === 'POST' && path.endsWith('/pods') ? failure(403, 'Forbidden', message) : undefined,
      );
      const error = await failureOf(run());
      expect(error.message).to.contain(message);
      expect(error).to.have.property('advice').that.contains(advice);
    });
  }

  it('quotes the last warning of a pod that never comes up, and removes it', async () => {
    cluster.fake.afterCreate('pods', (pod) => ({ ...pod, status: { phase: 'Pending' } }));
    cluster.fake.intercept(({ path }) =>
      path.endsWith('/events')
        ? { status: 200, body: { items: [{ reason: 'FailedMount', message: 'no spool' }] } }
        : undefined,
    );
    const error = await failureOf(run());
    expect(error.message).to.equal(
      'timed out after 90 s waiting for the collector to run: FailedMount, no spool',
    );
    expect(pods()).to.equal(0);
  });

  it('asks for a pod that is asked itself at leisure, and for any other at once again', async () => {
    cluster.fake.afterCreate('pods', (pod) => ({ ...pod, status: { phase: 'Pending' } }));
    const pausesOf = async (count: number, answers?: RunOptions['answers']): Promise<number[]> => {
      const stop = new AbortController();
      const pauses: number[] = [];
      let meet: () => void = () => undefined;
      const met = new Promise<void>((resolve) => (meet = resolve));
      const sleep = async (ms: number): Promise<void> => {
        pauses.push(ms);
        if (pauses.length === count) meet();
        await met;
        throw stopNow(stop);
      };
      await failureOf(run(memoryIo({ sleep }), stop.signal, answers));
      return pauses;
    };
    expect(await pausesOf(1)).to.deep.equal([50]);
    expect(await pausesOf(2, () => Promise.resolve())).to.have.members([400, 500]);
  });

  it('leaves nothing when it is aborted while the pod starts', async () => {
    const stop = new AbortController();
    cluster.fake.afterCreate('pods', (pod) => ({ ...pod, status: { phase: 'Pending' } }));
    const io = memoryIo({ sleep: () => Promise.reject(stopNow(stop)) });
    const error = await failureOf(run(io, stop.signal));
    expect([error.message, pods()]).to.deep.equal(['stopped', 0]);
  });

  it('removes a pod whose creation was cut off', async () => {
    cluster.fake.intercept(({ method, path, body }) => {
      if (method !== 'POST' || !path.endsWith('/pods')) return undefined;
      cluster.fake.put(body as object);
      return { status: 500, body: { kind: 'Status', message: 'lost' } };
    });
    await failureOf(run());
    expect(pods()).to.equal(0);
  });
});

function stopNow(stop: AbortController): Error {
  const error = new OperationError('stopped');
  stop.abort(error);
  return error;
}
