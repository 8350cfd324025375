import { expect } from 'chai';
import { planIsolation } from '../../src/containment/look.ts';
import { isolateWithoutNode } from '../../src/containment/without-node.ts';
import { createProgress } from '../../src/output/progress.ts';
import { OperationError } from '../../src/output/errors.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';

describe('isolateWithoutNode', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('does what the API can do, says what is missing, and verifies nothing', async () => {
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    const isolation = await isolateWithoutNode(lab.api, lab.io, plan, 'quota exceeded', {
      collectorNamespace,
      started: lab.io.monotonic(),
      progress: createProgress(lab.io),
      signal,
    });
    expect(
      isolation.actions.map(({ kind, outcome, detail }) => [kind, outcome, detail]),
    ).to.deep.include.members([
      ['cut', 'not placed', 'no collector on node node-a'],
      ['inside', 'not placed', 'no collector on node node-a'],
    ]);
    expect(
      isolation.actions.filter(({ outcome }) => outcome === 'done').map(({ kind }) => kind),
    ).to.deep.equal([...['guard', 'deny', 'detach']]);
    expect(isolation.level).to.equal('policy');
    expect(isolation.verification).to.deep.include({
      verdict: 'UNVERIFIED',
      reasons: ['nothing was measured: quota exceeded'],
    });
    expect(lab.livePod().metadata.labels).to.deep.equal({ tier: 'web', 'kubectl-ir/pod-uid': lab.uid });
  });

  it('is undone although no collector can be had', async () => {
    const { collector } = holdingNode([], (call) => {
      if (call.script === 'pod-link') throw new OperationError('no process on node node-a is in its network');
    });
    const isolation = await lab.isolate(collector);
    expect(isolation.verification.reasons[0]).to.match(/no process on node node-a/);
    const none = Object.assign(Object.create(collector) as typeof collector, {
      call: () => Promise.reject(new OperationError('no collector')),
    });
    const done = await lab.release(none);
    expect(done.complete, JSON.stringify(done.steps)).to.equal(true);
    expect(done.steps[0]?.detail).to.equal(
      'not looked for on node-a, because the record tells of none: no collector',
    );
  });
});
