import { expect } from 'chai';
import type { Right } from '../../../src/cluster/access.ts';
import { identity, surroundings } from '../../../src/subcommands/rights/around.ts';

const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };

describe('rights around a pod', () => {
  it("have policies of every network, and the cluster's own peers", () => {
    const list = (group: string, resource: string, namespace?: string): Right => ({
      ...{ verb: 'list', group, resource },
      ...(namespace === undefined ? {} : { namespace }),
    });
    expect(surroundings(places)).to.deep.include.members([
      list('cilium.io', 'ciliumnetworkpolicies', 'prod'),
      list('cilium.io', 'ciliumclusterwidenetworkpolicies'),
      list('projectcalico.org', 'networkpolicies', 'prod'),
      list('crd.projectcalico.org', 'globalnetworkpolicies'),
      { verb: 'get', resource: 'services', namespace: 'default', name: 'kubernetes' },
      { verb: 'get', resource: 'services', namespace: 'kube-system', name: 'kube-dns' },
    ]);
  });

  it('change nothing, and have the right to bind roles for the identity alone', () => {
    const verbs = (rights: readonly Right[]): string[] => [...new Set(rights.map(({ verb }) => verb))].sort();
    expect(verbs(surroundings(places))).to.deep.equal(['get', 'list']);
    expect(verbs(identity(places))).to.deep.equal(['bind', 'get', 'list']);
  });
});
