import { expect } from 'chai';
import { kernelThreadMasquerade } from '../../../src/findings/rules/kernel-thread-masquerade.ts';
import { processItems, seenBy } from '../traces-lab.ts';

describe('rule kernel-thread-masquerade', () => {
  it('finds a program in the clothes of the kernel', () => {
    expect(
      seenBy(kernelThreadMasquerade, processItems(11, { args: ['[kworker/0:1]'], exe: '/tmp/x' })),
    ).to.deep.equal(['high: the kernel says that it is none of its threads']);
  });
  it('leaves true threads alone, and other titles in brackets', () => {
    expect(
      seenBy(
        kernelThreadMasquerade,
        processItems(11, { comm: 'kworker/0:1', args: [], flags: 0x200000 }),
        processItems(12, { args: ['[celeryd: main]'] }),
        processItems(13, { comm: 'irqbalance', args: ['irqbalance'] }),
      ),
    ).to.deep.equal([]);
  });
});
