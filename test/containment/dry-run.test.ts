import { expect } from 'chai';
import { validatePlan } from '../../src/containment/dry-run.ts';
import { stayAnnotations } from '../../src/containment/names.ts';
import { planIsolation } from '../../src/containment/look.ts';
import { ApiError } from '../../src/output/errors.ts';
import { ContainmentLab } from './containment-lab.ts';

describe('validatePlan', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('asks the server about everything and changes nothing', async () => {
    const before = lab.livePod();
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    expect(await validatePlan(lab.api, plan, signal)).to.deep.equal([
      `pod/shop-1-x annotated with ${Object.keys(stayAnnotations).join(', ')} (server dry run)`,
      `poddisruptionbudget.policy/ir-${lab.uid} created (server dry run)`,
      `validatingadmissionpolicy.admissionregistration.k8s.io/ir-${lab.uid} created (server dry run)`,
      `validatingadmissionpolicybinding.admissionregistration.k8s.io/ir-${lab.uid} created (server dry run)`,
      `networkpolicy.networking.k8s.io/ir-${lab.uid} created (server dry run)`,
      'pod/shop-1-x labeled with kubectl-ir/pod-uid (server dry run)',
      'pod/shop-1-x unlabeled app, pod-template-hash (server dry run)',
    ]);
    expect(lab.livePod()).to.deep.equal(before);
    expect(lab.fake.list('networkpolicies.networking.k8s.io')).to.deep.equal([]);
  });

  it('throws what the server refuses', async () => {
    lab.fake.deny({ verb: 'create', resource: 'networkpolicies' });
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    expect(await validatePlan(lab.api, plan, signal).catch((error: unknown) => error)).to.be.instanceOf(
      ApiError,
    );
  });
});
