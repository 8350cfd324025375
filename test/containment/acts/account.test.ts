import { expect } from 'chai';
import type { ServiceAccount } from '../../../src/cluster/objects.ts';
import {
  type AccountAction,
  performAccount,
  planAccount,
  recordAccount,
  undoAccount,
  validateAccount,
} from '../../../src/containment/acts/account.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

describe('account', () => {
  const { collector } = holdingNode();
  const name = 'robot';
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    lab.fake.put({
      ...{ apiVersion: 'v1', kind: 'ServiceAccount', automountServiceAccountToken: false },
      metadata: {
        name,
        namespace: 'default',
        uid: 'before',
        labels: { team: 'a' },
        annotations: { kept: 'yes' },
      },
      imagePullSecrets: [{ name: 'registry' }],
    } as never);
  });
  afterEach(() => lab.close());

  const live = (): ServiceAccount =>
    lab.fake.get('serviceaccounts', 'default', name) as unknown as ServiceAccount;
  const kept = ({
    metadata,
    imagePullSecrets,
    automountServiceAccountToken: automount,
  }: ServiceAccount): unknown => ({
    ...{ labels: metadata?.labels, annotations: metadata?.annotations, imagePullSecrets, automount },
  });
  function plan(): AccountAction {
    const object = live();
    const account = { namespace: 'default', name };
    const action = planAccount({ account, object, grants: [], may: [], tokens: [], secrets: [], gaps: [] }, [
      { namespace: 'default', name: 'peer' },
    ]);
    if (action === undefined) throw new Error('nothing planned');
    return action;
  }

  it('is another one with what the old one had', async () => {
    const before = live();
    const action = plan();
    // An API server goes on taking what it has just accepted.
    expect(action.summary).to.match(/all its tokens die within 10 s, for good; .* restarted: pod\/peer/);
    await validateAccount(action, performing(lab, collector));
    expect(live().metadata?.uid).to.equal('before');
    await performAccount(action, performing(lab, collector));
    expect(live().metadata?.uid).not.to.equal('before');
    expect(kept(live())).to.deep.equal(kept(before));
    expect(await undoAccount(recordAccount(action), undoing(lab, collector))).to.match(
      /old tokens stay dead/,
    );
    expect(await refusal(performAccount(action, performing(lab, collector)))).to.match(/another one by now/);
  });

  it('is made again by a release when it was only deleted', async () => {
    const before = live();
    const action = plan();
    lab.fake.remove(before as never);
    expect(await undoAccount(recordAccount(action), undoing(lab, collector))).to.match(
      /missing and is made again/,
    );
    expect(kept(live())).to.deep.equal(kept(before));
  });
});
