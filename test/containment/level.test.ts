import { expect } from 'chai';
import { expectedLevel, filters, isLevel, levelOf, levels, limitsOf } from '../../src/containment/level.ts';
import { type HostLink, parsePodLink } from '../../src/containment/link.ts';
import { ordinaryLink } from './fake-node.ts';

const link = { ...parsePodLink(ordinaryLink), words: ['the-uid'] };
const hanging = (...attachments: HostLink['attachment'][]): typeof link => ({
  ...link,
  links: attachments.map((attachment, index) => ({ name: `veth${index}`, attachment })),
});

describe('levels', () => {
  it('are the strongest that node and image allow', () => {
    expect(levelOf(link, true)).to.equal('nft full');
    expect(levelOf({ ...link, egress: false }, true)).to.equal('nft without egress');
    expect(levelOf(hanging('routed'), false)).to.equal('busybox routed');
    expect(levelOf(hanging('routed', 'bridge'), false)).to.equal('busybox bridge');
    expect(levelOf(hanging('other'), false)).to.equal('busybox bridge');
    expect(levelOf(hanging(), true)).to.equal(undefined);
  });

  it("say what they can't hold", () => {
    expect(limitsOf('nft full', link, true)).to.deep.equal([]);
    expect(limitsOf('nft without egress', link, true)).to.deep.equal([]);
    expect(limitsOf('nft without egress', hanging('other'), true)[0]).to.match(/over veth0, which hangs/);
    expect(limitsOf('busybox routed', link, true)).to.have.length(1);
    expect(limitsOf('busybox routed', link, true)[0]).to.match(/its own node, the host network/);
    expect(limitsOf('busybox bridge', link, false)).to.have.length(3);
  });

  it('are known by their names', () => {
    expect(levels.every(isLevel)).to.equal(true);
    for (const bad of ['full', '', undefined, 7]) expect(isLevel(bad)).to.equal(false);
    expect(levels.filter(filters)).to.deep.equal(['nft full', 'nft without egress']);
    expect(filters(undefined)).to.equal(false);
  });

  it('are expected by the kernel of the node and the image', () => {
    expect(expectedLevel('5.15.0-91-generic', true)).to.equal('nft without egress');
    expect(expectedLevel('4.18.0-553.el8_10', true)).to.equal('nft without egress');
    for (const kernel of ['5.16.0', '6.1.0-lab', '', 'x'])
      expect(expectedLevel(kernel, true)).to.equal('nft full');
    expect(expectedLevel('6.1.0', false)).to.match(/^busybox routed or busybox bridge/);
  });
});
