import { expect } from 'chai';
import { Acting } from '../../src/containment/acting.ts';
import { isolationOf } from '../../src/containment/isolation-result.ts';
import { buildPlan } from '../../src/containment/plan.ts';
import { createProgress } from '../../src/output/progress.ts';
import { collectorNamespace, ContainmentLab } from './containment-lab.ts';
import { shopProspect, uid } from './subjects.ts';

describe('isolationOf', () => {
  it('is the verdict with its times, and how to undo it', async () => {
    const lab = await ContainmentLab.start();
    const plan = buildPlan(shopProspect());
    const acting = new Acting(lab.api, lab.io, plan.subject, {
      collectorNamespace,
      progress: createProgress(lab.io),
      signal: new AbortController().signal,
    });
    const isolation = isolationOf(plan, acting, {
      level: undefined,
      proven: { verdict: 'UNVERIFIED', checks: [], leaks: [], reasons: ['r'], gaps: ['g'] },
      started: 1_000,
      ended: 3_500,
      replacement: { name: 'shop-1-y', seconds: 1.5 },
      collectorNamespace,
      where: ' --context=prod',
    });
    expect(isolation.clock).to.deep.equal({ restartBudget: 6, verdict: 2.5, replacement: 1.5 });
    expect([isolation.level, isolation.verification.reasons, isolation.verification.gaps]).to.deep.equal([
      'policy',
      ['r'],
      ['g'],
    ]);
    expect(isolation.undo).to.deep.equal({
      command: 'kubectl ir release shop-1-x -n default --context=prod',
      record: `configmap/ir-${uid} in namespace kubectl-ir`,
    });
    await lab.close();
  });
});
