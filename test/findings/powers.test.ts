import { expect } from 'chai';
import type { PolicyRule } from '../../src/findings/access.ts';
import { powersOf, powerText } from '../../src/findings/powers.ts';

const source = { acquisition: 'a', item: 1, name: 'n' };

function powers(...given: readonly [namespace: string | undefined, rule: Partial<PolicyRule>][]): string[] {
  const grants = given.map(([namespace, rule]) => ({
    rule: { verbs: ['*'], groups: ['*'], resources: ['*'], names: [], ...rule },
    role: { source, value: { name: 'r', rules: [] } },
    binding: {
      source,
      value: {
        name: 'b',
        ...(namespace === undefined ? {} : { namespace }),
        role: { kind: 'ClusterRole', name: 'r' },
        subjects: [],
      },
    },
  }));
  return powersOf(grants).map((power) => `${power.severity}: ${powerText(power)}`);
}

describe('powers of an account', () => {
  it('are everything where all is allowed, and then nothing beside it', () => {
    expect(powers([undefined, {}], ['prod', { resources: ['secrets'] }])).to.deep.equal([
      'critical: do everything in the whole cluster',
    ]);
    expect(powers(['prod', {}])).to.deep.equal(['high: do everything in namespace prod']);
  });
  it('are those of each namespace, gravest first', () => {
    const secrets = { groups: [''], resources: ['secrets'], verbs: ['get'] };
    expect(powers(['dev', secrets], ['kube-system', secrets], ['dev', secrets])).to.deep.equal([
      'high: read Secrets in namespace kube-system',
      'medium: read Secrets in namespace dev',
    ]);
  });
  it('need verb, group and resource in the same rule', () => {
    expect(powers([undefined, { groups: ['apps'], resources: ['secrets'] }])).to.deep.equal([]);
    expect(
      powers([undefined, { groups: [''], verbs: ['delete'], resources: ['secrets', 'pods'] }]),
    ).to.deep.equal([]);
    expect(powers([undefined, { groups: [''], verbs: ['*'], resources: ['pods'] }])).to.deep.equal([
      'high: create pods in the whole cluster',
    ]);
    expect(powers([undefined, { groups: [''], verbs: ['create'], resources: ['pods/log'] }])).to.deep.equal(
      [],
    );
  });
  it('of a named object are those of that object alone', () => {
    const named = { groups: [''], names: ['db'] };
    expect(powers(['dev', { ...named, resources: ['pods/exec'], verbs: ['create'] }])).to.deep.equal([
      'low: run commands in other pods in namespace dev (only db)',
    ]);
    expect(powers(['dev', { ...named, resources: ['pods'], verbs: ['create'] }])).to.deep.equal([]);
    expect(powers([undefined, { ...named, resources: ['*'], verbs: ['*'] }])).to.include(
      'medium: read Secrets in the whole cluster (only db)',
    );
  });
});
