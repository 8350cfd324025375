import { expect } from 'chai';
import { Acting } from '../../src/containment/acting.ts';
import { begin } from '../../src/containment/begin.ts';
import { stoppedError } from '../../src/containment/failure.ts';
import { buildPlan } from '../../src/containment/plan.ts';
import { InterruptedError, OperationError } from '../../src/output/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { collectorNamespace, ContainmentLab } from './containment-lab.ts';
import { shopProspect } from './subjects.ts';

describe('stoppedError', () => {
  const plan = buildPlan(shopProspect());
  const controller = new AbortController();
  controller.abort(new InterruptedError('stopped'));
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  const options = (signal: AbortSignal): Parameters<typeof stoppedError>[3] => ({
    collectorNamespace,
    where: ' --context=prod',
    started: 0,
    progress: createProgress(lab.io),
    signal,
  });

  it('takes the record back when nothing was done, and says so', async () => {
    const given = options(new AbortController().signal);
    const acting = new Acting(lab.api, lab.io, plan.subject, given);
    await begin(lab.api, lab.io, plan, acting, given);
    const error = await stoppedError(lab.api, plan, acting, given, new OperationError('no route'));
    expect(error).to.have.property(
      'message',
      'isolation of pod "shop-1-x" stopped: no route; nothing of it is left in the cluster',
    );
    expect(lab.record()).to.equal(undefined);
  });

  it('leaves what stands, also what an earlier run left', async () => {
    const given = options(controller.signal);
    const acting = new Acting(lab.api, lab.io, plan.subject, given);
    const record = { version: 1, pod: plan.subject, created: '', acts: [] } as const;
    const unfinished = { record, ticks: new Map() };
    const error = await stoppedError(lab.api, { ...plan, unfinished }, acting, given, new Error('aborted'));
    expect(error).to.be.instanceOf(InterruptedError);
    expect((error as Error).message).to.match(/was interrupted; what still stands: what was done before$/);
    expect(error).to.have.property(
      'advice',
      'undo it, from any machine: kubectl ir release shop-1-x -n default --context=prod',
    );
  });

  it('is a bug when it is one, and tells that taking back failed', async () => {
    const given = options(new AbortController().signal);
    const acting = new Acting(lab.api, lab.io, plan.subject, given);
    const bug = new TypeError('x');
    expect(await stoppedError(lab.api, plan, acting, given, bug)).to.equal(bug);
    const clear = (): Promise<void> => Promise.reject(new OperationError('no nft'));
    const error = await stoppedError(lab.api, plan, acting, given, new OperationError('y'), clear);
    expect((error as Error).message).to.match(/stopped: y, and taking it back failed: no nft$/);
  });
});
