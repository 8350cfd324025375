import { expect } from 'chai';
import { Acting } from '../../src/containment/acting.ts';
import { begin, type IsolateOptions } from '../../src/containment/begin.ts';
import { readRecord, tick } from '../../src/containment/ledger.ts';
import { buildPlan } from '../../src/containment/plan.ts';
import { OperationError } from '../../src/output/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { failureOf } from '../support/failure.ts';
import { collectorNamespace, ContainmentLab } from './containment-lab.ts';
import { shopProspect } from './subjects.ts';

describe('begin', () => {
  const { signal } = new AbortController();
  const plan = buildPlan(shopProspect());
  let lab: ContainmentLab;
  let acting: Acting;
  let options: IsolateOptions;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    options = {
      collectorNamespace,
      started: 0,
      custody: (act) => Promise.resolve(void lab.acts.push(act)),
      progress: createProgress(lab.io),
      signal: new AbortController().signal,
    };
    acting = new Acting(lab.api, lab.io, plan.subject, options);
  });
  afterEach(() => lab.close());

  it('writes the record to the case and to the cluster, once', async () => {
    await begin(lab.api, lab.io, plan, acting, options);
    expect(lab.acts[0]?.details)
      .to.have.property('sha256')
      .that.matches(/^[0-9a-f]{64}$/);
    expect(lab.acts[0]?.details).not.to.have.property('evenIf');
    expect(lab.record()).to.have.nested.property(
      'data.record\\.json',
      JSON.stringify(lab.acts[0]?.details?.['record']),
    );
    const twice = await failureOf(begin(lab.api, lab.io, plan, acting, options));
    expect(twice)
      .to.be.instanceOf(OperationError)
      .with.property('message')
      .that.matches(/^another command isolates pod/);
  });

  it('keeps the reason for which more than the pod is cut', async () => {
    const stops = { ...plan, stops: ['writes of pods stop'] };
    await begin(lab.api, lab.io, stops, acting, { ...options, evenIf: 'ransomware' });
    expect(lab.acts[0]?.details).to.include({ evenIf: 'ransomware' });
  });

  it('goes on with the record of an unfinished isolation', async () => {
    await begin(lab.api, lab.io, plan, acting, { ...options, caseName: 'first' });
    const where = acting.record;
    await tick(lab.api, where, 'cut', 'done 2026-11-22T04:15:00.000Z', signal);
    await tick(lab.api, where, 'deny', 'not placed 2026-11-22T04:15:00.000Z', signal);
    const unfinished = await readRecord(lab.api, collectorNamespace, lab.uid, signal);
    if (unfinished === undefined) throw new Error('no record');
    await begin(lab.api, lab.io, { ...plan, unfinished }, acting, { ...options, caseName: 'second' });
    expect(lab.acts[1]?.details?.['record']).to.deep.include({
      ...{ case: 'first', created: unfinished.record.created },
    });
    // What is done once more is not told as done meanwhile.
    const { ticks = new Map() } = (await readRecord(lab.api, collectorNamespace, lab.uid, signal)) ?? {};
    expect([...ticks.keys()]).to.deep.equal(['cut']);
    expect(ticks.get('cut')).to.match(/^again 2/);
  });
});
