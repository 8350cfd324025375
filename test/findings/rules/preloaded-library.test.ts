import { expect } from 'chai';
import { preloadedLibrary } from '../../../src/findings/rules/preloaded-library.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule preloaded-library', () => {
  it('finds a library in every program', () => {
    expect(seenBy(preloadedLibrary, { '[root]/etc/ld.so.preload': '# a\n/usr/lib/libx.so\n' })).to.deep.equal(
      ['high: it names /usr/lib/libx.so'],
    );
  });
  it('leaves an empty list alone', () => {
    expect(seenBy(preloadedLibrary, { '[root]/etc/ld.so.preload': '# nothing\n' })).to.deep.equal([]);
  });
});
