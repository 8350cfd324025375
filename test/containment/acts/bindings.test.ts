import { expect } from 'chai';
import type { RoleBinding } from '../../../src/cluster/objects.ts';
import {
  performBindings,
  planBindings,
  undoBindings,
  validateBindings,
} from '../../../src/containment/acts/bindings.ts';
import { grantsOf } from '../../../src/containment/facts/grant.ts';
import type { Identity } from '../../../src/containment/identity.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

describe('bindings', () => {
  const { collector } = holdingNode();
  const account = { namespace: 'default', name: 'robot' };
  const names = ['first', 'robot', 'last'];
  const uid = '00000000-1111-4222-8333-000000000001';
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    lab.fake.put({
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
      metadata: { name: 'maps', namespace: 'default', uid },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'maps' },
      subjects: names.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'default' })),
    } as never);
  });
  afterEach(() => lab.close());

  const live = (): RoleBinding =>
    lab.fake.get('rolebindings.rbac.authorization.k8s.io', 'default', 'maps') as unknown as RoleBinding;
  const inIt = (): string[] => (live().subjects ?? []).map(({ name }) => name);
  function plan(): NonNullable<ReturnType<typeof planBindings>> {
    const identity: Identity = {
      ...{ account, object: undefined, may: [], tokens: [], secrets: [], gaps: [] },
      grants: grantsOf(account, [live()]),
    };
    const action = planBindings(identity);
    if (action === undefined) throw new Error('nothing planned');
    return action;
  }

  it('loses the account and gets it back in its place', async () => {
    const action = plan();
    const record = { kind: 'bindings', bindings: action.bindings } as const;
    expect(await validateBindings(action, performing(lab, collector))).to.have.length(1);
    expect(inIt()).to.deep.equal(names);
    for (let times = 0; times < 2; times += 1) {
      expect((await performBindings(action, performing(lab, collector))).outcome).to.equal('done');
      expect(inIt()).to.deep.equal(['first', 'last']);
    }
    expect(await undoBindings(record, undoing(lab, collector))).to.match(
      /^subjects back in rolebinding\/maps/,
    );
    expect(inIt()).to.deep.equal(names);
    expect(live().metadata?.annotations ?? {}).to.deep.equal({});
    await undoBindings(record, undoing(lab, collector));
    expect(inIt()).to.deep.equal(names);
  });

  it('is not begun by who could not put it back', async () => {
    lab.fake.deny({ verb: 'patch', resource: 'rolebindings' });
    expect(await refusal(performBindings(plan(), performing(lab, collector)))).to.match(
      /^no binding may be edited/,
    );
    expect(inIt()).to.deep.equal(names);
  });

  it('gives no right by a record alone', async () => {
    const own = [{ index: 0, subject: { kind: 'ServiceAccount', name: 'intruder', namespace: 'default' } }];
    const bindings = [{ namespace: 'default', name: 'maps', uid, own }];
    const message = await refusal(undoBindings({ kind: 'bindings', bindings }, undoing(lab, collector)));
    expect(message).to.match(/does not carry the mark/);
    await performBindings(plan(), performing(lab, collector));
    expect(await refusal(undoBindings({ kind: 'bindings', bindings }, undoing(lab, collector)))).to.match(
      /mark/,
    );
    expect(inIt()).to.deep.equal(['first', 'last']);
  });

  it('leaves a binding that is another one by now', async () => {
    const action = plan();
    lab.fake.put({ ...live(), metadata: { name: 'maps', namespace: 'default', uid: 'another' } } as never);
    expect(await refusal(performBindings(action, performing(lab, collector)))).to.match(/another one by now/);
  });
});
