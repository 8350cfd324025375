import { expect } from 'chai';
import { clusterCommands, rightsOf } from '../../src/subcommands/rights.ts';

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
      .flatMap((command) => rightsOf(command, places))
      .filter(({ verb }) => !['get', 'list', 'watch'].includes(verb));
    expect(changing.every(({ namespace }) => namespace !== undefined)).to.equal(true);
    const inProd = changing.filter(({ namespace }) => namespace === 'prod');
    expect([...new Set(inProd.map(({ verb, resource }) => `${verb} ${resource}`))].sort()).to.deep.equal([
      'create networkpolicies',
      'delete networkpolicies',
      'patch pods',
    ]);
  });

  it('gives respond what isolate, snapshot and diff need', () => {
    const respond = rightsOf('respond', places);
    for (const command of ['isolate', 'snapshot', 'diff'] as const) {
      expect(respond).to.deep.include.members(rightsOf(command, places));
    }
  });
});
