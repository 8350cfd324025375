import { expect } from 'chai';
import { ciliumPolicies, type CiliumPolicy } from '../../../src/containment/facts/cilium.ts';

describe('ciliumPolicies', () => {
  const pod = { namespace: 'prod', serviceAccount: 'shop' };
  const policy = (fields: Pick<CiliumPolicy, 'spec' | 'specs'>): CiliumPolicy => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'a' },
    ...fields,
  });

  it('select by labels with and without their source, and by what Cilium adds', () => {
    const endpointSelector = {
      matchLabels: { 'k8s:app': 'shop', 'k8s:io.kubernetes.pod.namespace': 'prod' },
      matchExpressions: [{ key: 'any:tier', operator: 'Exists' }],
    };
    const [found] = ciliumPolicies([policy({ spec: { endpointSelector, ingress: [{}] } })], pod);
    expect([found?.name, found?.allows]).to.deep.equal(['ciliumnetworkpolicy/a', true]);
    expect(found?.keys).to.include.members(['app', 'tier']);
    expect(found?.selects({ app: 'shop', tier: 'web' })).to.equal(true);
    expect(found?.selects({ app: 'shop' })).to.equal(false);
  });

  it('may select where labels of the namespace decide, and never where a rule is for hosts', () => {
    const key = 'k8s:io.cilium.k8s.namespace.labels.team';
    const found = ciliumPolicies(
      [
        policy({ specs: [{ endpointSelector: { matchLabels: { [key]: 'x' } } }, { ingress: [{}] }] }),
        policy({ spec: { endpointSelector: { matchExpressions: [{ key, operator: 'Exists' }] } } }),
      ],
      pod,
    );
    expect(found.map((one) => [one.selects({}), one.allows])).to.deep.equal([
      [true, false],
      [true, false],
    ]);
  });
});
