import { expect } from 'chai';
import { nameOf, objectFacts } from '../../../src/incident/change/object-facts.ts';
import { anObject, at, ownedBy } from './change-lab.ts';

describe('objectFacts', () => {
  it('reads what an object says of itself', () => {
    const metadata = {
      labels: { a: 'b', c: 1 },
      ownerReferences: [...ownedBy('ReplicaSet', 'web-1'), { kind: 'Node', apiVersion: 'v1', name: 'n' }],
    };
    const facts = objectFacts(anObject('v1', 'Pod', 'web', { metadata }));
    expect(facts).to.deep.include({ name: 'web', created: at(0), labels: { a: 'b' }, annotations: {} });
    expect(
      facts?.owners.map(({ kind, namespace, controller }) => [kind, namespace, controller]),
    ).to.deep.equal([
      ['ReplicaSet', 'prod', true],
      ['Node', undefined, false],
    ]);
    expect(facts && nameOf(facts)).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'prod',
      name: 'web',
    });
  });

  it('takes what has no kind or name for none', () => {
    for (const object of [
      {},
      { kind: 'Pod' },
      { kind: 'Pod', metadata: [] },
      { kind: 1, metadata: { name: 'a' } },
    ])
      expect(objectFacts(object)).to.equal(undefined);
    expect(
      objectFacts({ kind: 'Pod', metadata: { name: 'a', ownerReferences: [1, {}], creationTimestamp: 'x' } }),
    ).to.deep.include({ owners: [], created: '', apiVersion: 'v1' });
  });
});
