import { expect } from 'chai';
import { lookAtNode } from '../../src/containment/node-look.ts';
import { fakeNode, ordinaryLink } from './fake-node.ts';
import { shopPod, shopSubject } from './subjects.ts';

describe('lookAtNode', () => {
  const { signal } = new AbortController();

  it('says how the link can be cut with what there is, and what rules are made of', async () => {
    for (const [tools, level] of [
      [['nft'], 'nft full'],
      [[], 'busybox bridge'],
    ] as const) {
      const { collector } = fakeNode(tools, () => ({ stdout: ordinaryLink }));
      const node = await lookAtNode(collector, shopSubject(), signal);
      expect(node.level).to.equal(level);
      expect(node.rules).to.deep.include({
        inner: ['eth0'],
        ports: [8080],
        probeSource: '10.244.2.1',
        egress: true,
      });
    }
  });

  it('has no level for a pod without a host side', async () => {
    const alone = Buffer.from(ordinaryLink.toString().replace('eth0@if7', 'net1@if99'));
    const { collector } = fakeNode(['nft'], () => ({ stdout: alone }));
    const node = await lookAtNode(collector, shopSubject(shopPod()), signal);
    expect([node.level, node.link.uncut]).to.deep.equal([undefined, ['net1']]);
  });
});
