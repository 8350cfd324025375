import { expect } from 'chai';
import { calicoPolicies, type CalicoPolicy } from '../../../src/containment/facts/calico.ts';

describe('calicoPolicies', () => {
  const pod = { namespace: 'prod', serviceAccount: 'shop' };
  const policy = (name: string, spec: CalicoPolicy['spec']): CalicoPolicy => ({
    apiVersion: 'projectcalico.org/v3',
    kind: 'NetworkPolicy',
    metadata: { name },
    ...(spec === undefined ? {} : { spec }),
  });

  it('select by labels of the pod and by those that Calico adds', () => {
    const [one, other, none] = calicoPolicies(
      [
        policy('a', { selector: "app == 'shop'", ingress: [{ action: 'Allow' }] }),
        policy('b', { selector: "projectcalico.org/namespace == 'prod'", egress: [{ action: 'Deny' }] }),
        policy('c', { ingress: [{ action: 'Pass' }] }),
      ],
      pod,
    );
    expect([one?.name, one?.allows, one?.keys]).to.deep.equal(['calico networkpolicy/a', true, ['app']]);
    expect([one?.selects({ app: 'shop' }), one?.selects({})]).to.deep.equal([true, false]);
    expect([other?.selects({}), other?.allows]).to.deep.equal([true, false]);
    expect([none?.selects({}), none?.allows]).to.deep.equal([true, true]);
  });

  it('may select when the selector cannot be read; those of Kubernetes are not Calico’s', () => {
    const hostile = { selector: 7 } as unknown as CalicoPolicy['spec'];
    const found = calicoPolicies(
      [policy('a', { selector: 'what?' }), policy('b', hostile), policy('knp.default.x', {})],
      pod,
    );
    expect(found.map((one) => one.selects({}))).to.deep.equal([true, true]);
  });
});
