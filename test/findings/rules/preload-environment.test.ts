import { expect } from 'chai';
import { preloadEnvironment } from '../../../src/findings/rules/preload-environment.ts';
import { processItems, seenBy } from '../traces-lab.ts';

describe('rule preload-environment', () => {
  it('finds a library where anybody may write', () => {
    expect(
      seenBy(preloadEnvironment, processItems(11, { environ: ['LD_PRELOAD=/dev/shm/x.so'] })),
    ).to.deep.equal(['high: its environment names the library']);
  });
  it('scores down one at an ordinary place', () => {
    expect(
      seenBy(preloadEnvironment, processItems(11, { environ: ['LD_PRELOAD=/usr/lib/libjemalloc.so.2'] })),
    ).to.deep.equal(['low: its environment names the library']);
  });
  it('leaves other variables alone', () => {
    expect(
      seenBy(preloadEnvironment, processItems(11, { environ: ['XLD_PRELOAD=/tmp/x.so', 'LD_PRELOAD='] })),
    ).to.deep.equal([]);
  });
});
