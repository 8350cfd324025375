import { expect } from 'chai';
import { taintedKernel } from '../../../src/findings/rules/tainted-kernel.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule tainted-kernel', () => {
  it('finds a mark that no module explains', () => {
    expect(seenBy(taintedKernel, { '[root]/proc/sys/kernel/tainted': '8192\n' })).to.deep.equal([
      'medium: a module without a signature was loaded, and no listed module carries the mark',
    ]);
  });
  it('scores down what a listed module explains', () => {
    expect(
      seenBy(taintedKernel, {
        '[root]/proc/sys/kernel/tainted': '4096\n',
        '[root]/proc/modules': 'nvidia 1 0 - Live 0x0 (O)\n',
      }),
    ).to.deep.equal(['low: a module from outside of the kernel was loaded, and is listed']);
  });
  it('leaves other marks alone', () => {
    expect(seenBy(taintedKernel, { '[root]/proc/sys/kernel/tainted': '512\n' })).to.deep.equal([]);
  });
});
