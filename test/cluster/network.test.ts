import { expect } from 'chai';
import { network, planNodes } from './layout.ts';
import { overlap } from './network.ts';

describe('address ranges', () => {
  const cases: [string, string, boolean][] = [
    ['10.94.0.0/24', '10.94.0.7', true],
    ['10.94.0.0/24', '10.94.1.0/24', false],
    ['10.0.0.0/8', '10.244.0.0/16', true],
    ['10.244.0.0/16', '10.0.0.0/8', true],
    ['10.244.3.9', '10.244.3.9', true],
    ['192.0.2.0/24', '10.94.0.0/24', false],
    ['0.0.0.0/0', '10.94.0.0/24', true],
  ];
  for (const [one, other, expected] of cases) {
    it(`${one} and ${other} ${expected ? 'overlap' : 'are apart'}`, () => {
      expect(overlap(one, other)).to.equal(expected);
    });
  }

  it('of the nodes lie within those of the cluster and apart from each other', () => {
    const nodes = planNodes(4);
    for (const node of nodes) {
      expect(overlap(node.address, network.nodes)).to.equal(true);
      expect(overlap(node.pods, network.pods)).to.equal(true);
      expect(nodes.filter((other) => overlap(other.pods, node.pods))).to.deep.equal([node]);
    }
    expect(nodes.map((node) => node.runtime.slice(-1))).to.deep.equal(['2', 'n', '2', 'n']);
  });
});
