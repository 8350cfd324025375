import { expect } from 'chai';
import { InterruptedError, OperationError } from '../../src/output/errors.ts';
import type { ConfigMap, KubeObject } from '../../src/cluster/objects.ts';
import { parseRecord } from '../../src/containment/record.ts';
import type { ProbePods } from '../../src/collector/probe-pods.ts';
import { unfinishedRecord } from '../../src/containment/ledger.ts';
import type { Isolation } from '../../src/containment/isolation.ts';
import type { FoundRecord } from '../../src/containment/record.ts';
import { openActs } from '../../src/containment/unfinished.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';
import { fakeNode, flowsOutput, ordinaryLink } from './fake-node.ts';

describe('isolate', () => {
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('writes the record before its first act, acts in order, and holds', async () => {
    const { collector, calls } = holdingNode();
    const seen: boolean[] = [];
    const isolation = await lab.isolate({
      ...collector,
      call: (script, args, options) => {
        if (nameOf(script) === 'nft-load') seen.push(lab.record() !== undefined);
        return collector.call(script, args, options);
      },
    });
    expect(seen).to.deep.equal([true, true]);
    expect(isolation.verification.verdict).to.equal('HOLDS');
    expect(isolation.actions.map((act) => [act.kind, act.outcome])).to.deep.equal([
      ['guard', 'done'],
      ['cut', 'done'],
      ['inside', 'done'],
      ['deny', 'done'],
      ['detach', 'done'],
    ]);
    expect(lab.livePod().metadata.labels).to.deep.equal({ tier: 'web', 'kubectl-ir/pod-uid': lab.uid });
    expect(calls.map((call) => call.script)).to.deep.equal([
      ...['pod-link', 'flows', 'nft-load', 'nft-load', 'flows', 'elsewhere', 'nft-unload', 'inside-remove'],
    ]);
    expect(calls.at(-2)?.args).to.include(`ir-count-${lab.uid}`).and.not.include(`ir-cut-${lab.uid}`);
    expect(isolation.level).to.equal('nft full');
    expect(parseRecord(lab.record() as ConfigMap).verdict?.verdict).to.equal('HOLDS');
    expect(lab.acts.map((act) => act.result)).to.deep.equal([
      ...['planned', 'cut done', 'inside done', 'deny done', 'detach done', 'guard done', 'HOLDS'],
    ]);
  });

  it('cannot be done twice', async () => {
    await lab.isolate(holdingNode().collector);
    const error = await lab.isolate(holdingNode().collector).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error)
      .to.be.instanceOf(OperationError)
      .with.property('message')
      .that.matches(/^another command isolates pod "shop-1-x" too/);
  });

  it('stops when another run takes it over, and leaves that one what stands and the record', async () => {
    const where = { namespace: 'default', name: 'shop-1-x', uid: lab.uid };
    let second: Isolation | undefined;
    const { collector, calls } = holdingNode();
    const error: unknown = await lab
      .isolate({
        ...collector,
        call: async (script, args, options) => {
          await options.input;
          if (nameOf(script) === 'nft-load' && second === undefined) {
            const unfinished = await unfinishedRecord(lab.api, where, collectorNamespace, options.signal);
            second = await lab.isolate(holdingNode().collector, undefined, { unfinished });
          }
          return collector.call(script, args, options);
        },
      })
      .catch((reason: unknown) => reason);
    expect(second?.actions.map(({ outcome }) => outcome)).to.deep.equal(Array(5).fill('done'));
    expect((error as Error).message).to.match(
      /^isolation of pod "shop-1-x" stopped: another command goes on with it since; what this one had done: /,
    );
    expect(calls.map(({ script }) => script)).not.to.include.members(['nft-unload']);
    const after = parseRecord(lab.record() as ConfigMap);
    expect([openActs(after), after.verdict?.verdict]).to.deep.equal([[], 'HOLDS']);
    expect((await lab.release(holdingNode().collector)).complete).to.equal(true);
  });

  it('takes nothing back when it is interrupted after another run took it over', async () => {
    const where = { namespace: 'default', name: 'shop-1-x', uid: lab.uid };
    const controller = new AbortController();
    const { collector, calls } = holdingNode();
    const error: unknown = await lab
      .isolate(
        {
          ...collector,
          call: async (script, args, options) => {
            await options.input;
            if (nameOf(script) === 'flows') {
              const unfinished = await unfinishedRecord(lab.api, where, collectorNamespace, options.signal);
              await lab.isolate(holdingNode().collector, undefined, { unfinished });
              controller.abort(new InterruptedError('stopped by SIGINT'));
            }
            return collector.call(script, args, options);
          },
        },
        controller.signal,
      )
      .catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(/was interrupted, and taking it back failed: another command/);
    expect(calls.map(({ script }) => script)).not.to.include.members(['nft-unload']);
    expect(lab.record()).not.to.equal(undefined);
  });

  it('is refused when the run that it would go on with still acts', async () => {
    const controller = new AbortController();
    const where = { namespace: 'default', name: 'shop-1-x', uid: lab.uid };
    const { collector } = holdingNode(['nft'], (call) => {
      if (call.script === 'nft-load') controller.abort(new InterruptedError('stopped by SIGINT'));
    });
    await lab.isolate(collector, controller.signal).catch(() => undefined);
    const unfinished = await unfinishedRecord(
      lab.api,
      where,
      collectorNamespace,
      new AbortController().signal,
    );
    const record = lab.record() as ConfigMap & KubeObject;
    lab.fake.put({ ...record, data: { ...record.data, 'done.inside': 'done now' } });
    const { collector: late, calls } = holdingNode();
    const error: unknown = await lab.isolate(late, undefined, { unfinished }).catch((e: unknown) => e);
    expect((error as Error).message).to.match(/^another command isolates pod "shop-1-x" too/);
    expect(calls.map(({ script }) => script)).to.deep.equal(['pod-link']);
    expect((lab.record() as ConfigMap).data).to.include({ 'done.inside': 'done now' });
  });

  it('stops when it is released meanwhile', async () => {
    const { collector } = holdingNode(['nft'], (call) => {
      const record = lab.record();
      if (call.script === 'nft-load' && record !== undefined) lab.fake.remove(record);
    });
    const error: unknown = await lab.isolate(collector).catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(/stopped: its record is gone: somebody released the pod/);
  });

  it('takes everything back when it is interrupted before the cut', async () => {
    const controller = new AbortController();
    const { collector, calls } = holdingNode(['nft'], (call) => {
      if (call.script === 'flows') controller.abort(new InterruptedError('stopped by SIGINT'));
    });
    const error = await lab.isolate(collector, controller.signal).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(InterruptedError);
    expect((error as Error).message).to.match(/nothing of it is left in the cluster$/);
    expect(lab.record()).to.equal(undefined);
    expect(lab.livePod().metadata.labels).to.deep.equal(lab.pod.metadata?.labels);
    expect(calls.some((call) => call.script === 'nft-load')).to.equal(false);
  });

  it('takes everything back when it is interrupted while it waits for the probe pods', async () => {
    const controller = new AbortController();
    const { collector } = holdingNode(['nft'], (call) => {
      if (call.script === 'pod-link') setImmediate(() => controller.abort(new InterruptedError('stopped')));
    });
    const error = await lab
      .isolate(collector, controller.signal, { pods: latePods, sleep })
      .catch((e: unknown) => e);
    expect((error as Error).message).to.match(/nothing of it is left in the cluster$/);
    expect(lab.record()).to.equal(undefined);
  });

  it('leaves what stands and its record when it is interrupted after the cut, and says so', async () => {
    const controller = new AbortController();
    const { collector } = holdingNode(['nft'], (call) => {
      if (call.script === 'nft-load') controller.abort(new InterruptedError('stopped by SIGINT'));
    });
    const error = await lab.isolate(collector, controller.signal).catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(
      /what still stands: guards of the pod .*; the cut of veth9bd0b104 on node-a$/,
    );
    expect(error).to.have.property(
      'advice',
      'undo it, from any machine: kubectl ir release shop-1-x -n default',
    );
    expect(lab.record()).not.to.equal(undefined);
    expect((await lab.release(holdingNode().collector)).complete).to.equal(true);
    expect(lab.record()).to.equal(undefined);
  });

  it('waits for no guard when it is interrupted, and says that it is not shown to work', async () => {
    // The server never comes to ask the policy.
    lab.fake.intercept(({ method, path }) =>
      method === 'DELETE' && path.includes('/pods/') ? { status: 200, body: {} } : undefined,
    );
    const controller = new AbortController();
    const { collector } = holdingNode(['nft'], (call) => {
      if (call.script === 'nft-load') controller.abort(new InterruptedError('stopped by SIGINT'));
    });
    const error = await lab.isolate(collector, controller.signal, { sleep }).catch((e: unknown) => e);
    expect((error as Error).message).to.match(/what still stands: guards of the pod/);
    expect(lab.io.err()).to.match(/part {3}guard .*not shown to work: stopped by SIGINT/);
    expect((lab.record() as ConfigMap).data?.['done.guard']).to.match(/^part /);
  });

  it('goes on without a right, and tells the gap', async () => {
    lab.fake.deny({ verb: 'create', resource: 'networkpolicies' });
    const isolation = await lab.isolate(holdingNode().collector);
    expect(isolation.actions[3]).to.deep.include({ kind: 'deny', outcome: 'failed' });
    expect(isolation.verification.verdict).to.equal('HOLDS');
  });

  it('is gone on with when it was interrupted: what is open is done, and release takes all of it back', async () => {
    const before = lab.livePod().metadata;
    const controller = new AbortController();
    const { collector } = holdingNode(['nft'], (call) => {
      if (call.script === 'nft-load') controller.abort(new InterruptedError('stopped by SIGINT'));
    });
    await lab.isolate(collector, controller.signal).catch(() => undefined);
    const { signal } = new AbortController();
    const where = { namespace: 'default', name: 'shop-1-x', uid: lab.uid };
    const unfinished = await unfinishedRecord(lab.api, where, collectorNamespace, signal);
    expect(unfinished === undefined ? [] : openActs(unfinished)).to.include.members([
      'inside',
      'deny',
      'detach',
    ]);
    const isolation = await lab.isolate(holdingNode().collector, undefined, { unfinished });
    expect(isolation.actions.map(({ outcome }) => outcome)).to.deep.equal(Array(5).fill('done'));
    expect(lab.livePod().metadata.labels).to.deep.equal({ tier: 'web', 'kubectl-ir/pod-uid': lab.uid });
    expect(await unfinishedRecord(lab.api, where, collectorNamespace, signal).catch(() => 'done')).to.equal(
      'done',
    );
    expect((await lab.release(holdingNode().collector)).complete).to.equal(true);
    expect(lab.livePod().metadata.labels).to.deep.equal(before.labels);
    expect(lab.livePod().metadata.annotations ?? {}).to.deep.equal(before.annotations ?? {});
  });

  it('leaves the cut of an earlier run when it is gone on with and interrupted, or told to skip the cut', async () => {
    const interrupted = async (script: string, unfinished?: FoundRecord): Promise<string[]> => {
      const controller = new AbortController();
      const { collector, calls } = holdingNode(['nft'], (call) => {
        if (call.script === script) controller.abort(new InterruptedError('stopped by SIGINT'));
      });
      const error: unknown = await lab
        .isolate(collector, controller.signal, { unfinished })
        .catch((e: unknown) => e);
      expect((error as Error).message).to.include('what still stands');
      return calls.flatMap((call) => (call.script === 'nft-unload' ? call.args : []));
    };
    await interrupted('nft-load');
    const where = { namespace: 'default', name: 'shop-1-x', uid: lab.uid };
    const { signal } = new AbortController();
    const unfinished = await unfinishedRecord(lab.api, where, collectorNamespace, signal);
    expect(unfinished?.ticks.get('cut')).to.match(/^done/);
    const removed = await interrupted('flows', unfinished);
    expect(removed).to.include(`ir-count-${lab.uid}`).and.not.include(`ir-cut-${lab.uid}`);
    expect(lab.record()).not.to.equal(undefined);
    const { collector, calls } = holdingNode();
    const now = await unfinishedRecord(lab.api, where, collectorNamespace, signal);
    await lab.isolate(collector, undefined, { unfinished: now, skip: ['cut'] });
    expect(calls.flatMap(({ args }) => args)).not.to.include(`ir-cut-${lab.uid}`);
  });

  it('cuts without nft as well as that goes, names the level, and never HOLDS then', async () => {
    const isolation = await lab.isolate(holdingNode([]).collector);
    expect(isolation.level).to.equal('busybox bridge');
    expect(isolation.actions.slice(1, 3).map((act) => act.outcome)).to.deep.equal(['done', 'done']);
    expect(isolation.verification.verdict).to.equal('UNVERIFIED');
    expect(isolation.verification.reasons[0]).to.match(/^the level busybox bridge can't hold/);
    expect(lab.io.err()).to.match(
      /^Level {5}busybox bridge; can't hold traffic between the pod and its own/m,
    );
    expect((await lab.release(holdingNode([]).collector)).complete).to.equal(true);
  });

  it('goes on proving when it is watched, tells each change, and leaves the isolation when it is interrupted', async () => {
    const controller = new AbortController();
    const verdicts: string[] = [];
    let readings = 0;
    const node = fakeNode(['nft'], (call) => {
      if (call.script === 'pod-link') return { stdout: ordinaryLink };
      if (call.script !== 'flows') return undefined;
      readings += 1;
      // Measured, blocked, blocked, leaking, leaking, blocked.
      const passed = [9, 0, 0, 4, 4][readings - 1] ?? 0;
      return { stdout: flowsOutput(9, passed, readings === 1 ? [0] : []) };
    });
    const watch = (isolation: Isolation): Promise<void> => {
      verdicts.push(isolation.verification.verdict);
      if (verdicts.length === 3) controller.abort(new InterruptedError('stopped by SIGINT'));
      return Promise.resolve();
    };
    const error = await lab.isolate(node.collector, controller.signal, { watch }).catch((e: unknown) => e);
    expect(verdicts).to.deep.equal(['HOLDS', 'LEAKS', 'HOLDS']);
    expect((error as Error).message).to.match(
      /was interrupted; what still stands: .*the cut of veth9bd0b104/,
    );
    expect(lab.acts.slice(-4).map((act) => act.result)).to.deep.equal(['HOLDS', 'LEAKS', 'HOLDS', 'stopped']);
    expect(lab.record()).not.to.equal(undefined);
  });

  it('waits a moment for the probe pods, and says when they come too late', async () => {
    const isolation = await lab.isolate(holdingNode().collector, undefined, { pods: latePods });
    expect(isolation.verification.verdict).to.equal('HOLDS');
    expect(isolation.verification.gaps).to.deep.equal(['no try from another node: late']);
    expect(lab.io.err()).to.match(/part {3}probes .*none in time/);
  });

  it('waits for the probe pods half a second after a collector that came late', async () => {
    const waits: number[] = [];
    const isolation = await lab.isolate(holdingNode().collector, undefined, {
      pods: latePods,
      started: lab.io.monotonic() - 20_000,
      sleep: (ms, stop) => {
        waits.push(ms);
        return lab.io.sleep(ms, stop);
      },
    });
    expect(isolation.verification.verdict).to.equal('HOLDS');
    expect(waits[0]).to.equal(500);
  });

  it('opens the exec for the cut while flows are measured, and sends the rules after the guards', async () => {
    const { collector } = holdingNode();
    const order: string[] = [];
    let opened: () => void = () => undefined;
    const open = new Promise<void>((resolve) => (opened = resolve));
    await lab.isolate({
      ...collector,
      call: async (script, args, options) => {
        const name = nameOf(script);
        if (name === 'nft-load' && options.input instanceof Promise) {
          order.push('opened');
          opened();
          await options.input;
          order.push(lab.livePod().metadata.labels?.['kubectl-ir/pod-uid'] === lab.uid ? 'guarded' : 'bare');
        }
        if (name === 'flows') await open;
        order.push(name);
        return collector.call(script, args, options);
      },
    });
    expect(order.slice(0, 5)).to.deep.equal(['pod-link', 'opened', 'flows', 'guarded', 'nft-load']);
  });

  it('cuts by another exec when the one that was opened ahead broke', async () => {
    const { collector } = holdingNode();
    const isolation = await lab.isolate({
      ...collector,
      call: (script, args, options) =>
        options.input instanceof Promise
          ? Promise.reject(new OperationError('the connection closed without a status'))
          : collector.call(script, args, options),
    });
    expect(isolation.actions.find(({ kind }) => kind === 'cut')?.outcome).to.equal('done');
    expect(isolation.verification.verdict).to.equal('HOLDS');
  });

  it('tells the verdict before it removes what was only needed for it', async () => {
    const { collector, calls } = holdingNode();
    let before: string[] = [];
    await lab.isolate(collector, undefined, {
      reached: ({ verification }) => {
        before = [verification.verdict, ...calls.map(({ script }) => script)];
        return Promise.resolve();
      },
    });
    expect(before[0]).to.equal('HOLDS');
    expect(before).not.to.include('nft-unload');
    expect(calls.map(({ script }) => script)).to.include('nft-unload');
  });
});

function nameOf(script: string | { readonly name: string }): string {
  return typeof script === 'string' ? script : script.name;
}

/** Probe pods that never run. */
async function latePods(limit?: Promise<unknown>): Promise<ProbePods> {
  await limit;
  return { gaps: ['no try from another node: late'] };
}

/** Waits as long as it takes, as a clock that stands still can't. */
function sleep(_: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop);
  });
}
