import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import type { Api } from '../../src/cluster/api.ts';
import { chooseRecord } from '../../src/containment/chosen-record.ts';
import { isolate } from '../../src/containment/isolate.ts';
import type { Isolation } from '../../src/containment/isolation.ts';
import { planIsolation } from '../../src/containment/look.ts';
import { type Release, release } from '../../src/containment/release.ts';
import type { Collector } from '../../src/collector/collector.ts';
import type { Act } from '../../src/evidence/custody-line.ts';
import { InterruptedError, OperationError } from '../../src/output/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { aNode } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { memoryIo } from '../support/memory-io.ts';
import { type Call, fakeNode, flowsOutput, ordinaryLink } from './fake-node.ts';
import { shopPod, shopSet } from './subjects.ts';

const collectorNamespace = 'kubectl-ir';

describe('isolate and release', () => {
  let fake: FakeApi;
  let api: Api;
  let pod: Pod;
  let uid: string;
  const acts: Act[] = [];
  const io = memoryIo();
  const custody = (act: Act): Promise<void> => {
    acts.push(act);
    return Promise.resolve();
  };

  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    acts.length = 0;
    fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: collectorNamespace } });
    fake.put({ ...aNode('node-a') });
    const set = fake.put({ ...shopSet() });
    const shop = shopPod();
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'shop-1', controller: true };
    pod = fake.put({
      ...shop,
      metadata: { ...shop.metadata, ownerReferences: [{ ...owner, uid: set.metadata.uid ?? '' }] },
    });
    uid = pod.metadata?.uid ?? '';
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });

  /** Answers like a node on which the cut works unless `leaks`. */
  function node(
    tools: readonly string[] = ['nft'],
    changes: (call: Call) => void = () => undefined,
  ): ReturnType<typeof fakeNode> {
    let readings = 0;
    return fakeNode(tools, (call) => {
      changes(call);
      if (call.script === 'pod-link') return { stdout: ordinaryLink };
      if (call.script !== 'flows') return undefined;
      readings += 1;
      return { stdout: readings === 1 ? flowsOutput(9, 9, [0]) : flowsOutput(3, 0, []) };
    });
  }

  async function run(collector: Collector, signal = new AbortController().signal): Promise<Isolation> {
    const plan = await planIsolation(api, pod, { level: 'full', signal });
    return isolate(api, io, plan, collector, {
      collectorNamespace,
      started: io.monotonic(),
      custody,
      progress: createProgress(io),
      signal,
    });
  }

  async function undo(collector: Collector): Promise<Release> {
    const { signal } = new AbortController();
    const found = await chooseRecord(api, 'shop-1-x', { namespace: 'default', collectorNamespace, signal });
    return release(api, io, found, {
      collectorNamespace,
      onNode: (_node, use) => use(collector),
      custody,
      progress: createProgress(io),
      signal,
    });
  }

  const labels = (): unknown => fake.get('pods', 'default', 'shop-1-x')?.metadata.labels;
  const record = (): unknown => fake.get('configmaps', collectorNamespace, `ir-${uid}`);

  it('writes the record before its first act, acts in order, and holds', async () => {
    const { collector, calls } = node();
    const seen: boolean[] = [];
    const isolation = await run({
      ...collector,
      call: (script, args, options) => {
        if (script === 'nft-load') seen.push(record() !== undefined);
        return collector.call(script, args, options);
      },
    });
    expect(seen).to.deep.equal([true]);
    expect(isolation.verification.verdict).to.equal('HOLDS');
    expect(isolation.actions.map((act) => [act.kind, act.outcome])).to.deep.equal([
      ['cut', 'done'],
      ['deny', 'done'],
      ['detach', 'done'],
    ]);
    expect(labels()).to.deep.equal({ tier: 'web', 'kubectl-ir/pod-uid': uid });
    expect(calls.map((call) => call.script)).to.deep.equal([
      'pod-link',
      'flows',
      'nft-load',
      'flows',
      'nft-unload',
    ]);
    expect(calls.at(-1)?.args).to.deep.equal(['netdev', `ir-count-${uid}`]);
    expect(acts.map((act) => act.result)).to.deep.equal([
      'planned',
      'cut done',
      'deny done',
      'detach done',
      'HOLDS',
    ]);
  });

  it('is undone by release, which removes the record last', async () => {
    const before = labels();
    await run(node().collector);
    const { collector, calls } = node();
    const done = await undo(collector);
    expect(done.complete, JSON.stringify(done.steps)).to.equal(true);
    expect(labels()).to.deep.equal(before);
    expect(fake.get('pods', 'default', 'shop-1-x')?.metadata.annotations ?? {}).to.deep.equal({});
    expect(fake.list('networkpolicies.networking.k8s.io')).to.deep.equal([]);
    expect(record()).to.equal(undefined);
    expect(calls[0]?.args).to.deep.equal([
      ...['netdev', `ir-cut-${uid}`, 'netdev', `ir-count-${uid}`, 'inet', `ir-mark-${uid}`],
    ]);
  });

  it('cannot be done twice', async () => {
    await run(node().collector);
    const error = await run(node().collector).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error)
      .to.be.instanceOf(OperationError)
      .with.property('message')
      .that.matches(/is isolated already/);
  });

  it('takes everything back when it is interrupted before the cut', async () => {
    const controller = new AbortController();
    const { collector, calls } = node(['nft'], (call) => {
      if (call.script === 'flows') controller.abort(new InterruptedError('stopped by SIGINT'));
    });
    const error = await run(collector, controller.signal).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(InterruptedError);
    expect((error as Error).message).to.match(/nothing of it is left in the cluster$/);
    expect(record()).to.equal(undefined);
    expect(labels()).to.deep.equal(pod.metadata?.labels);
    expect(calls.some((call) => call.script === 'nft-load')).to.equal(false);
  });

  it('leaves what stands and its record when it is interrupted after the cut, and says so', async () => {
    const controller = new AbortController();
    const { collector } = node(['nft'], (call) => {
      if (call.script === 'nft-load') controller.abort(new InterruptedError('stopped by SIGINT'));
    });
    const error = await run(collector, controller.signal).catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(/what still stands: the cut of veth9bd0b104 on node-a$/);
    expect(error).to.have.property(
      'advice',
      'undo it, from any machine: kubectl ir release shop-1-x -n default',
    );
    expect(record()).not.to.equal(undefined);
    expect((await undo(node().collector)).complete).to.equal(true);
    expect(record()).to.equal(undefined);
  });

  it('goes on without a right, and tells the gap', async () => {
    fake.deny({ verb: 'create', resource: 'networkpolicies' });
    const isolation = await run(node().collector);
    expect(isolation.actions[1]).to.deep.include({ kind: 'deny', outcome: 'failed' });
    expect(isolation.verification.verdict).to.equal('HOLDS');
  });

  it('says which image to use when it has no nft, and never HOLDS then', async () => {
    const isolation = await run(node([]).collector);
    expect(isolation.actions[0]).to.deep.include({ kind: 'cut', outcome: 'not placed' });
    expect(isolation.actions[0]?.detail).to.match(/has no nft; give one that has it with --collector-image$/);
    expect(isolation.verification.verdict).to.equal('UNVERIFIED');
    expect((await undo(node([]).collector)).complete).to.equal(true);
  });

  it('keeps the record when the cut cannot be removed', async () => {
    await run(node().collector);
    const done = await undo(node([]).collector);
    expect(done.complete).to.equal(false);
    expect(done.steps[0]).to.deep.include({ name: 'link', done: false });
    expect(record()).not.to.equal(undefined);
  });

  it('cleans up what is left of a pod that is gone', async () => {
    await run(node().collector);
    fake.remove(pod as Parameters<FakeApi['remove']>[0]);
    const done = await undo(node().collector);
    expect(done.complete).to.equal(true);
    expect(done.steps.at(-1)?.detail).to.match(/is gone/);
  });

  it('leaves a label alone that somebody has set anew', async () => {
    await run(node().collector);
    const now = fake.get('pods', 'default', 'shop-1-x');
    if (now === undefined) throw new Error('no pod');
    fake.put({ ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, app: 'other' } } });
    await undo(node().collector);
    expect(labels()).to.deep.include({ app: 'other', 'pod-template-hash': '1' });
  });

  it('does not give a pod back to a ReplicaSet that wants none', async () => {
    await run(node().collector);
    const set = fake.get('replicasets.apps', 'default', 'shop-1');
    if (set === undefined) throw new Error('no set');
    fake.put({ ...set, ...{ spec: { ...shopSet().spec, replicas: 0 } } });
    const now = fake.get('pods', 'default', 'shop-1-x');
    fake.put({ ...now, ...{ metadata: { ...now?.metadata, ownerReferences: [] } } });
    const done = await undo(node().collector);
    expect(done.complete).to.equal(false);
    expect(done.steps.at(-1)?.detail).to.match(/wants no pods now and would delete this one at once/);
  });
});
