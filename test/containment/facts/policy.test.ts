import { expect } from 'chai';
import { networkPolicies } from '../../../src/containment/facts/policy.ts';

describe('networkPolicies', () => {
  it('allow when a direction has a rule, and select as selectors do', () => {
    const [open, closed] = networkPolicies([
      { metadata: { name: 'open' }, spec: { podSelector: {}, egress: [{}] } },
      {
        metadata: { name: 'closed' },
        spec: { podSelector: { matchLabels: { app: 'shop' } }, policyTypes: ['Ingress', 'Egress'] },
      },
    ]);
    expect([open?.name, open?.allows, open?.selects({}), open?.keys]).to.deep.equal([
      ...['networkpolicy/open', true, true],
      [],
    ]);
    expect([
      closed?.allows,
      closed?.selects({}),
      closed?.selects({ app: 'shop' }),
      closed?.keys,
    ]).to.deep.equal([...[false, false, true], ['app']]);
  });
});
