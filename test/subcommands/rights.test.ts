import { expect } from 'chai';
import type { Right } from '../../src/cluster/access.ts';
import { clusterCommands, rightsOf } from '../../src/subcommands/rights.ts';
import { undoRights } from '../../src/subcommands/rights/acts.ts';

const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };

describe('rightsOf', () => {
  for (const command of clusterCommands) {
    it(`names each right of ${command} once`, () => {
      const keys = rightsOf(command, places).map((right) => JSON.stringify(right));
      expect(keys.length).to.be.greaterThan(0);
      expect(new Set(keys).size).to.equal(keys.length);
    });
  }

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

  it('has what isolate reads of nodes: all of them tell whether one is the last of the control plane', () => {
    expect(rightsOf('isolate', places)).to.deep.include({ verb: 'list', resource: 'nodes' });
  });

  it('has what is read of an isolation: policies of every network too', () => {
    const list = (group: string, resource: string): Right => ({ verb: 'list', group, resource });
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
});
