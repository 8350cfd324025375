import { expect } from 'chai';
import { guardLimits, performGuard, planGuard, validateGuard } from '../../../src/containment/acts/guard.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopPod, shopSubject, uid } from '../subjects.ts';
import { performing, refusal } from './acts-lab.ts';

const safe = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

describe('guard', () => {
  const { collector } = holdingNode();
  const action = planGuard(shopSubject());
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  const annotations = (): Readonly<Record<string, string>> => lab.livePod().metadata.annotations ?? {};
  const objects = (): string[] =>
    [
      'poddisruptionbudgets.policy',
      'validatingadmissionpolicies.admissionregistration.k8s.io',
      'validatingadmissionpolicybindings.admissionregistration.k8s.io',
    ].flatMap((resource) => lab.fake.list(resource).map(({ kind }) => kind));

  it('is done only after a deletion and the loss of the label were refused', async () => {
    const performed = await performGuard(action, performing(lab, collector));
    expect(annotations()).to.deep.equal({
      [safe]: 'false',
      'karpenter.sh/do-not-disrupt': 'true',
      'descheduler.alpha.kubernetes.io/prefer-no-eviction': 'true',
    });
    expect(lab.livePod().metadata.labels).to.include({ 'kubectl-ir/pod-uid': uid });
    expect(objects()).to.deep.equal([
      'PodDisruptionBudget',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]);
    const settled = await performed.settled;
    expect(settled?.outcome).to.equal('done');
    expect(settled?.detail).to.match(/deletion and loss of our label were tried and refused$/);
    const deletions = lab.fake.requests.filter(({ method }) => method === 'DELETE');
    expect(deletions).to.have.length.above(0);
    for (const { body } of deletions) expect(body).to.have.deep.property('dryRun', ['All']);
  });

  it('says what it does not stop and what now waits', () => {
    expect(guardLimits(action, shopSubject())).to.deep.equal([
      'not stopped: eviction by the kubelet under pressure, restart of a container, reboot or loss of the node',
      'will wait until it is released: kubectl drain node-a, the deletion of namespace default',
      'still open to anyone with the right: exec, attach, port-forward and logs of the pod through the API, which need no link',
    ]);
  });

  it('places what may be placed, and says what is missing', async () => {
    const right = {
      verb: 'create',
      group: 'admissionregistration.k8s.io',
      resource: 'validatingadmissionpolicies',
    };
    const lacking = planGuard(shopSubject(), [right]);
    expect(await performGuard(lacking, performing(lab, collector))).to.deep.equal({
      outcome: 'part',
      detail: `${lacking.summary}; not placed: you may not create validatingadmissionpolicies`,
    });
    expect(objects()).to.deep.equal(['PodDisruptionBudget']);
    expect(guardLimits(lacking, shopSubject())[1]).to.equal(
      'will wait until it is released: kubectl drain node-a',
    );
    lab.fake.deny({ verb: 'create', resource: 'poddisruptionbudgets' });
    const refused = await performGuard(action, performing(lab, collector));
    expect(refused.detail).to.match(/not placed: cannot create poddisruptionbudgets/);
    expect((await refused.settled)?.outcome).to.equal('part');
  });

  it('is validated without being placed', async () => {
    const lines = await validateGuard(action, performing(lab, collector));
    expect(lines).to.have.length(4);
    expect([objects(), annotations()]).to.deep.equal([[], {}]);
  });

  it('changes nothing where an annotation is not as planned', async () => {
    const { metadata, ...rest } = lab.livePod();
    lab.fake.put({ ...rest, metadata: { ...metadata, annotations: { [safe]: 'maybe' } } });
    expect(await refusal(performGuard(action, performing(lab, collector)))).to.match(/somebody changed it$/);
    expect([objects(), annotations()]).to.deep.equal([[], { [safe]: 'maybe' }]);
  });

  it('leaves an annotation alone whose value is too long for a record', () => {
    const long = shopSubject(shopPod({ metadata: { annotations: { [safe]: 'x'.repeat(2_000) } } }));
    expect(planGuard(long).annotations).not.to.have.property(safe);
  });
});
