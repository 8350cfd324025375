import { expect } from 'chai';
import { collector } from '../../../src/subcommands/rights/right.ts';

describe('rights of a collector', () => {
  const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };

  it('has exec with both verbs that API servers ask for', () => {
    for (const verb of ['get', 'create']) {
      expect(collector(places)).to.deep.include({
        verb,
        resource: 'pods',
        subresource: 'exec',
        namespace: 'kubectl-ir',
      });
    }
  });

  it('are of its own namespace, and of that of the pods none', () => {
    const namespaces = collector(places).map(({ namespace }) => namespace);
    expect(new Set(namespaces)).to.deep.equal(new Set([undefined, 'kubectl-ir']));
  });
});
