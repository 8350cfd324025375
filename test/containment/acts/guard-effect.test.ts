import { expect } from 'chai';
import { whenInForce, whenOutOfForce } from '../../../src/containment/acts/guard-effect.ts';
import { guardObjects } from '../../../src/containment/acts/guard-objects.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopSubject } from '../subjects.ts';
import { performing, refusal } from './acts-lab.ts';

describe('the effect of a deletion policy', () => {
  const { collector } = holdingNode();
  const policy = guardObjects({ budget: false, policy: true }, shopSubject());
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is waited for', async () => {
    let asked = 0;
    lab.fake.intercept(({ method }) => {
      if (method !== 'DELETE') return undefined;
      asked += 1;
      if (asked === 3) for (const object of policy) lab.fake.put(object);
      return undefined;
    });
    expect(await whenInForce(performing(lab, collector))).to.equal(undefined);
    expect(asked).to.equal(3);
    expect(lab.fake.get('pods', 'default', 'shop-1-x')).not.to.equal(undefined);
  });

  it('is not claimed when it does not come, or when it may not be tried', async () => {
    expect(await whenInForce(performing(lab, collector))).to.equal(
      'not shown to stop deletion: it was still allowed after 8 s',
    );
    for (const object of policy) lab.fake.put(object);
    lab.fake.deny({ verb: 'delete', resource: 'pods' });
    expect(await whenInForce(performing(lab, collector))).to.match(
      /^not shown to stop deletion: cannot delete pods .* cannot delete resource "pods"/,
    );
  });

  it('ends before our label is taken off', async () => {
    await whenOutOfForce(performing(lab, collector));
    for (const object of policy) lab.fake.put(object);
    expect(await refusal(whenOutOfForce(performing(lab, collector)))).to.match(
      /still refuses to let our label go$/,
    );
  });
});
