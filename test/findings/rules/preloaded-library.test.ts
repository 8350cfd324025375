import { expect } from 'chai';
import { preloadedLibrary } from '../../../src/findings/rules/preloaded-library.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule preloaded-library', () => {
  it('finds a library in every program', () => {
    expect(seenBy(preloadedLibrary, { '[root]/etc/ld.so.preload': '# a\n/usr/lib/libx.so\n' })).to.deep.equal(
      ['high: it names /usr/lib/libx.so'],
    );
  });
  it('scores down a library as its package brought it, and no other of that name', () => {
    const sums = (digit: string): Record<string, string> => ({
      '[root]/etc/ld.so.preload': '/usr/lib/libx.so\n',
      'live_response/packages/programs.md5': `${digit.repeat(32)}  usr/lib/libx.so\n`,
      '[root]/var/lib/dpkg/info/libx.md5sums': `${'1'.repeat(32)}  usr/lib/libx.so\n`,
    });
    expect(seenBy(preloadedLibrary, sums('1'))).to.deep.equal(['low: it names /usr/lib/libx.so']);
    expect(seenBy(preloadedLibrary, sums('2'))).to.deep.equal(['high: it names /usr/lib/libx.so']);
  });
  it('leaves an empty list alone', () => {
    expect(seenBy(preloadedLibrary, { '[root]/etc/ld.so.preload': '# nothing\n' })).to.deep.equal([]);
  });
});
