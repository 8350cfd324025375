import { expect } from 'chai';
import { SilentNodeError } from '../../src/collector/silent-node.ts';
import { chooseRecord } from '../../src/containment/chosen-record.ts';
import { release } from '../../src/containment/release.ts';
import { ApiError, InterruptedError, OperationError, PartialError } from '../../src/output/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';
import { shopSet } from './subjects.ts';

describe('release', () => {
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is undone by release, which removes the record last', async () => {
    const before = lab.livePod().metadata.labels;
    await lab.isolate(holdingNode().collector);
    const { collector, calls } = holdingNode();
    const done = await lab.release(collector);
    expect(done.complete, JSON.stringify(done.steps)).to.equal(true);
    expect(lab.livePod().metadata.labels).to.deep.equal(before);
    expect(lab.fake.get('pods', 'default', 'shop-1-x')?.metadata.annotations ?? {}).to.deep.equal({});
    expect(lab.fake.list('networkpolicies.networking.k8s.io')).to.deep.equal([]);
    expect(lab.record()).to.equal(undefined);
    expect(calls.map((call) => call.script)).to.deep.equal(['routes-remove', 'nft-unload', 'inside-remove']);
    for (const name of ['cut', 'count', 'mark']) expect(calls[1]?.args).to.include(`ir-${name}-${lab.uid}`);
  });

  it('keeps the pod detached unless it is to be given back, with nothing of ours on it', async () => {
    await lab.isolate(holdingNode().collector);
    const done = await lab.release(holdingNode().collector, undefined, false);
    expect(done.complete, JSON.stringify(done.steps)).to.equal(true);
    expect(done.steps.map(({ name }) => name)).to.deep.equal([
      'cut',
      'inside',
      'deny',
      'detach',
      'guard',
      'mark',
    ]);
    expect(done.steps[3]?.detail).to.equal('app, pod-template-hash stay off: the pod stays detached');
    expect(lab.livePod().metadata.labels).to.deep.equal({ tier: 'web' });
    expect(lab.livePod().metadata.annotations ?? {}).to.deep.equal({});
    expect(lab.record()).to.equal(undefined);
  });

  it('keeps the record, and the labels off, when the cut cannot be removed', async () => {
    await lab.isolate(holdingNode().collector);
    const { labels } = lab.livePod().metadata;
    const done = await lab.release(holdingNode([]).collector);
    expect(done.complete).to.equal(false);
    expect(done.steps[0]).to.deep.include({ name: 'cut', done: false });
    expect(done.steps[3]?.detail).to.match(/^labels are not given back, because cut could not be undone/);
    expect(lab.livePod().metadata.labels).to.deep.equal(labels);
    expect(lab.record()).not.to.equal(undefined);
  });

  it('undoes what the API has when the node was taken out of the cluster, as is advised for one that is lost', async () => {
    await lab.isolate(holdingNode().collector);
    const lost = {
      tools: new Set<string>(),
      call: () => Promise.reject(new SilentNodeError('node node-a is not ready')),
    };
    const kept = await lab.release({ ...holdingNode().collector, ...lost });
    expect([kept.complete, kept.steps.find(({ name }) => name === 'guard')?.detail]).to.deep.equal([
      false,
      'guards stay on the pod, because cut, inside, detach could not be undone; run release again when that is mended; if node node-a will never answer again, first: kubectl delete node node-a',
    ]);
    const node = lab.fake.get('nodes', undefined, 'node-a');
    if (node !== undefined) lab.fake.remove(node);
    const done = await lab.release({ ...holdingNode().collector, ...lost });
    expect(done.complete, JSON.stringify(done.steps)).to.equal(true);
    expect(done.steps[0]?.detail).to.equal(
      'node node-a has left the cluster; rules of ours on it end when it starts anew',
    );
    expect(lab.record()).to.equal(undefined);
  });

  it('never advises to delete the node for anything but a kubelet that does not answer', async () => {
    await lab.isolate(holdingNode().collector);
    const refused = 'The connection to the server 127.0.0.1:6443 was refused';
    const causes = [
      new ApiError(refused, { status: 0 }),
      new PartialError('the stream from the node broke', { cause: new ApiError(refused, { status: 0 }) }),
      ...[500, 502, 503, 504, 429, 401].map((status) => new ApiError('no', { status })),
      new ApiError('pods is forbidden: cannot create resource', { status: 403, reason: 'Forbidden' }),
      new ApiError('admission webhook "x" denied the request', { status: 403, reason: 'Forbidden' }),
      new OperationError('timed out after 90 s waiting for the collector on node node-a to run'),
      new OperationError('not done within 15 s'),
      new OperationError('node node-a is not ready: KubeletNotReady, no network yet'),
    ];
    for (const cause of causes) {
      const call = (): Promise<never> => Promise.reject(cause);
      const { complete, steps } = await lab.release({ ...holdingNode().collector, call });
      expect([complete, steps.at(-1)?.name]).to.deep.equal([false, 'guard']);
      expect(steps.at(-1)?.detail, cause.message).to.match(
        /^guards stay on the pod, .*; run release again when that is mended$/,
      );
    }
    expect(lab.io.err()).not.to.contain('delete node');
  });

  it('says once why no collector starts, which ends each step that needs one', async () => {
    await lab.isolate(holdingNode().collector);
    const where = { namespace: 'default', collectorNamespace, signal: new AbortController().signal };
    // As a shared collector does: the same error every time.
    const none = new OperationError('no such image', { advice: 'name another' });
    const done = await release(lab.api, lab.io, await chooseRecord(lab.api, 'shop-1-x', where), {
      collectorNamespace,
      giveBack: false,
      onNode: () => Promise.reject(none),
      progress: createProgress(lab.io),
      signal: where.signal,
    });
    expect(done.complete).to.equal(false);
    const details = done.steps.filter(({ name }) => ['cut', 'inside'].includes(name));
    expect(details.map(({ detail }) => detail)).to.deep.equal([
      'no such image; name another',
      'for the same reason as cut',
    ]);
    expect(lab.io.err().match(/no such image/g)).to.have.length(1);
  });

  it('keeps the guards until the cut and the labels are back, but not for a pod that is gone', async () => {
    await lab.isolate(holdingNode().collector);
    const guards = (): number => lab.fake.list('poddisruptionbudgets.policy').length;
    const done = await lab.release(holdingNode([]).collector);
    expect(done.steps.find(({ name }) => name === 'guard')).to.deep.equal({
      ...{ name: 'guard', done: false },
      detail:
        'guards stay on the pod, because cut, detach could not be undone; run release again when that is mended',
    });
    expect(guards()).to.equal(1);
    lab.fake.remove(lab.livePod());
    await lab.release(holdingNode([]).collector);
    expect(guards()).to.equal(0);
  });

  it('cleans up what is left of a pod that is gone', async () => {
    await lab.isolate(holdingNode().collector);
    lab.fake.remove(lab.livePod());
    const done = await lab.release(holdingNode().collector);
    expect(done.complete).to.equal(true);
    expect(done.steps.at(-1)?.detail).to.match(/is gone/);
  });

  it('leaves a label alone that somebody has set anew', async () => {
    await lab.isolate(holdingNode().collector);
    const now = lab.fake.get('pods', 'default', 'shop-1-x');
    if (now === undefined) throw new Error('no pod');
    lab.fake.put({ ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, app: 'other' } } });
    await lab.release(holdingNode().collector);
    expect(lab.livePod().metadata.labels).to.deep.include({ app: 'other', 'pod-template-hash': '1' });
  });

  it('does not give a pod back to a ReplicaSet that wants none', async () => {
    await lab.isolate(holdingNode().collector);
    const set = lab.fake.get('replicasets.apps', 'default', 'shop-1');
    if (set === undefined) throw new Error('no set');
    lab.fake.put({ ...set, ...{ spec: { ...shopSet().spec, replicas: 0 } } });
    const now = lab.fake.get('pods', 'default', 'shop-1-x');
    lab.fake.put({ ...now, ...{ metadata: { ...now?.metadata, ownerReferences: [] } } });
    const done = await lab.release(holdingNode().collector);
    expect(done.complete).to.equal(false);
    expect(done.steps.find(({ name }) => name === 'detach')?.detail).to.match(
      /wants no pods now and would delete this one at once/,
    );
  });

  it('is whole when it is interrupted while the record is removed: nothing is left that could be gone on with', async () => {
    await lab.isolate(holdingNode().collector);
    const controller = new AbortController();
    lab.fake.intercept(({ method, path }) => {
      if (method === 'DELETE' && path.includes('/configmaps/'))
        controller.abort(new InterruptedError('SIGINT'));
      return undefined;
    });
    const done = await lab.release(holdingNode().collector, controller.signal);
    expect(done.complete).to.equal(true);
    expect(lab.record()).to.equal(undefined);
  });
});
