import { expect } from 'chai';
import { performToken, planToken, undoToken, validateToken } from '../../../src/containment/acts/token.ts';
import { failure } from '../../fake-api/answer.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopSubject } from '../subjects.ts';
import { performing, undoing } from './acts-lab.ts';

describe('token', () => {
  const { collector } = holdingNode();
  const action = planToken(shopSubject());
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());
  const policy = (): unknown =>
    lab.fake.get(
      'validatingadmissionpolicies.admissionregistration.k8s.io',
      undefined,
      `ir-token-${lab.uid}`,
    );

  it('is done only when the server was seen to ask the policy', async () => {
    lab.fake.intercept(({ method, path }) =>
      method === 'POST' && path.endsWith('/configmaps')
        ? failure(403, 'Forbidden', `ValidatingAdmissionPolicy 'ir-token-${lab.uid}' denied request`)
        : undefined,
    );
    const settled = await (await performToken(action, performing(lab, collector))).settled;
    expect(settled?.outcome).to.equal('done');
    expect(settled?.detail).to.match(/reads go on.*the server was seen to ask it$/);
    expect(policy()).not.to.equal(undefined);
    await undoToken(undoing(lab, collector));
    expect(policy()).to.equal(undefined);
  });

  it('is in part when that is not shown', async () => {
    lab.fake.deny({ verb: 'create', resource: 'configmaps' });
    const settled = await (await performToken(action, performing(lab, collector))).settled;
    expect(settled?.outcome).to.equal('part');
    expect(settled?.detail).to.match(/not shown to work: .*forbidden/i);
  });

  it('is validated without being done', async () => {
    expect(await validateToken(action, performing(lab, collector))).to.have.length(2);
    expect(policy()).to.equal(undefined);
  });
});
