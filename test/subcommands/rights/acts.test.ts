import { expect } from 'chai';
import type { ActRecord } from '../../../src/containment/acts/acts.ts';
import { actRights, core, undoRights } from '../../../src/subcommands/rights/acts.ts';

const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };

describe('undoRights', () => {
  it('asks of a release only what takes back what was placed', () => {
    const asked = (records: readonly ActRecord[]): string[] =>
      undoRights(records, places)
        .filter(({ resource }) => !['pods', 'configmaps'].includes(resource))
        .map(({ verb, group, resource }) => `${verb} ${resource}.${group ?? ''}`);
    const guard = { kind: 'guard', budget: true, policy: false, annotations: {} } as const;
    expect(asked([guard])).to.deep.equal([
      'get poddisruptionbudgets.policy',
      'delete poddisruptionbudgets.policy',
    ]);
    expect(asked([{ kind: 'deny', networks: [] }])).to.deep.equal([
      'get networkpolicies.networking.k8s.io',
      'delete networkpolicies.networking.k8s.io',
    ]);
    expect(asked([{ kind: 'deny', networks: ['cilium'] }])).to.include(
      'delete ciliumnetworkpolicies.cilium.io',
    );
    expect(undoRights([{ kind: 'cut' }], places)).to.deep.include.members(actRights('cut', places));
    expect(undoRights([], places)).to.deep.equal(core(places));
    const owner = { kind: 'ReplicaSet', name: 'shop-1', uid: 'x' } as const;
    expect(asked([{ kind: 'detach', labels: {}, owner }])).to.deep.equal(['get replicasets.apps']);
    expect(asked([{ kind: 'detach', labels: {} }])).to.deep.equal([]);
  });
});
