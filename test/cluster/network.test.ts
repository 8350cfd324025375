import { expect } from 'chai';
import { network, planNodes, ranges } from './layout.ts';
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
    ['fd00:10:94::/64', 'fd00:10:94::7', true],
    ['fd00:10:94::/64', 'fd00:10:95::/64', false],
    ['fd00::/8', 'fd00:10:244:3::/64', true],
    ['fd00:10:244:3::/64', 'fd00:10:244::/48', true],
    ['fd00::/64', 'fd00:10:94::/64', false],
    ['::/0', '10.94.0.0/24', false],
    ['::ffff:10.94.0.0/120', '10.94.0.0/24', false],
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
      expect(overlap(node.address6, network.nodes6)).to.equal(true);
      expect(overlap(node.pods, network.pods)).to.equal(true);
      expect(overlap(node.pods6, network.pods6)).to.equal(true);
      expect(nodes.filter((other) => overlap(other.pods, node.pods))).to.deep.equal([node]);
      expect(nodes.filter((other) => overlap(other.pods6, node.pods6))).to.deep.equal([node]);
    }
    const kinds = nodes.map((node) => `${node.runtime} ${node.links}`);
    expect(kinds).to.deep.equal([
      'containerd-2 bridge',
      'containerd-debian ptp',
      'containerd-2 ptp',
      'containerd-debian bridge',
    ]);
  });

  it('of the cluster are apart from each other', () => {
    for (const range of ranges) {
      expect(ranges.filter((other) => overlap(other, range))).to.deep.equal([range]);
    }
  });
});
