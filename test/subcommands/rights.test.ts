import { expect } from 'chai';
import type { Right } from '../../src/cluster/access.ts';
import type { ActRecord } from '../../src/containment/acts/acts.ts';
import { actRights, clusterCommands, core, rightsOf, undoRights } from '../../src/subcommands/rights.ts';

const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };

describe('rightsOf', () => {
  for (const command of clusterCommands) {
    it(`names each right of ${command} once`, () => {
      const keys = rightsOf(command, places).map((right) => JSON.stringify(right));
      expect(keys.length).to.be.greaterThan(0);
      expect(new Set(keys).size).to.equal(keys.length);
    });
  }

  it('has exec with both verbs that API servers ask for', () => {
    for (const verb of ['get', 'create']) {
      expect(rightsOf('diff', places)).to.deep.include({
        verb,
        resource: 'pods',
        subresource: 'exec',
        namespace: 'kubectl-ir',
      });
    }
  });

  it('never changes the pods of others but those of the chosen namespace', () => {
    const changing = clusterCommands
      .filter((command) => command !== 'cut-identity')
      .flatMap((command) => rightsOf(command, places))
      .filter(({ verb }) => !['get', 'list', 'watch'].includes(verb));
    const wide = changing.filter(({ namespace }) => namespace === undefined);
    expect([...new Set(wide.map(({ resource }) => resource))].sort()).to.deep.equal([
      ...['nodes', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
    ]);
    const inProd = changing.filter(({ namespace }) => namespace === 'prod');
    expect([...new Set(inProd.map(({ verb, resource }) => `${verb} ${resource}`))].sort()).to.deep.equal([
      'create ciliumnetworkpolicies',
      'create networkpolicies',
      'create poddisruptionbudgets',
      'delete ciliumnetworkpolicies',
      'delete networkpolicies',
      'delete poddisruptionbudgets',
      'delete pods',
      'patch pods',
    ]);
  });

  it('asks for the right to bind roles for nothing but the cut of an identity', () => {
    const binding = clusterCommands.filter((command) =>
      rightsOf(command, places).some(
        ({ verb, group }) =>
          verb === 'bind' || (group === 'rbac.authorization.k8s.io' && !['get', 'list'].includes(verb)),
      ),
    );
    expect(binding).to.deep.equal(['cut-identity']);
    expect(undoRights([{ kind: 'bindings', bindings: [] }], places)).to.deep.include({
      ...{ verb: 'patch', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' },
    });
  });

  it('gives respond what isolate, snapshot and diff need', () => {
    const respond = rightsOf('respond', places);
    for (const command of ['isolate', 'snapshot', 'diff'] as const) {
      expect(respond).to.deep.include.members(rightsOf(command, places));
    }
  });

  it("has what is read around a pod and of its isolation: policies of every network, the cluster's own peers", () => {
    const list = (group: string, resource: string, namespace?: string): Right => ({
      ...{ verb: 'list', group, resource },
      ...(namespace === undefined ? {} : { namespace }),
    });
    expect(rightsOf('isolate', places)).to.deep.include.members([
      list('cilium.io', 'ciliumnetworkpolicies', 'prod'),
      list('cilium.io', 'ciliumclusterwidenetworkpolicies'),
      list('projectcalico.org', 'networkpolicies', 'prod'),
      list('crd.projectcalico.org', 'globalnetworkpolicies'),
      { verb: 'get', resource: 'services', namespace: 'default', name: 'kubernetes' },
      { verb: 'get', resource: 'services', namespace: 'kube-system', name: 'kube-dns' },
    ]);
    expect(rightsOf('status', places)).to.deep.include.members([
      list('cilium.io', 'ciliumnetworkpolicies'),
      list('projectcalico.org', 'networkpolicies'),
      { verb: 'get', group: 'networking.k8s.io', resource: 'networkpolicies' },
      { verb: 'get', group: 'policy', resource: 'poddisruptionbudgets' },
      { verb: 'get', group: 'apps', resource: 'replicasets' },
      { verb: 'get', resource: 'pods' },
      { verb: 'get', resource: 'nodes' },
    ]);
  });

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
