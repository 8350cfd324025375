import { expect } from 'chai';
import type { Entry } from '../../src/filesystem/entry.ts';
import type { OneSided } from '../../src/filesystem/renames.ts';
import { findRenames, likeness } from '../../src/filesystem/renames.ts';

const one = (raw: string, more: Partial<Entry> = {}): OneSided => ({
  raw,
  entry: {
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: 5,
    links: 1,
    inode: '1',
    device: '0:0',
    modified: 7n,
    changed: 9n,
    ...more,
  },
});
const directory = (raw: string): OneSided => one(raw, { type: 'directory', modified: 1n });
const renames = (deleted: readonly OneSided[], added: readonly OneSided[], same = true): string[] =>
  findRenames(deleted, added, () => same)
    .map(({ from, to }) => `${from.raw} ${to.raw}`)
    .sort();

describe('renames', () => {
  for (const [what, deleted, added, expected] of [
    ['a file', [one('/a')], [one('/b')], ['/a /b']],
    ['nothing of another size', [one('/a')], [one('/b', { size: 6 })], []],
    ['nothing of another time', [one('/a')], [one('/b', { modified: 8n })], []],
    ['the one of the same name', [one('/1/a'), one('/2/b')], [one('/3/b')], ['/2/b /3/b']],
    ['each file once', [one('/a')], [one('/b'), one('/c')], ['/a /b']],
    ['an empty file of the same name', [one('/x/a', { size: 0 })], [one('/y/a', { size: 0 })], ['/x/a /y/a']],
    ['no other empty file', [one('/x/a', { size: 0 })], [one('/y/b', { size: 0 })], []],
    [
      'directories with what they hold, as far as the names go',
      [directory('/o'), directory('/o/s'), one('/o/s/f')],
      [directory('/n'), directory('/n/s'), one('/n/s/f')],
      ['/o /n', '/o/s /n/s', '/o/s/f /n/s/f'],
    ],
    [
      'empty directories in renamed ones',
      [directory('/o'), one('/o/f'), directory('/o/e')],
      [directory('/n'), one('/n/f'), directory('/n/e')],
      ['/o /n', '/o/e /n/e', '/o/f /n/f'],
    ],
    ['no directory that stands alone', [directory('/o')], [directory('/n')], []],
  ] as const)
    it(`are ${what}`, () => expect(renames(deleted, added)).to.deep.equal(expected));

  it('are none where the contents differ', () => {
    expect(renames([one('/a')], [one('/b')], false)).to.deep.equal([]);
  });
  it('take no time that grows with the square of what is alike', () => {
    const many = (top: string): OneSided[] => Array.from({ length: 20_000 }, (_, i) => one(`${top}/${i}`));
    expect(renames(many('/a'), many('/b'))).to.have.length(20_000);
    expect(
      renames(
        many('/a'),
        many('/b').map(({ raw, entry }) => ({ raw: `${raw}x`, entry })),
      ),
    ).to.have.length(0);
  });
  it('know links by their targets', () => {
    const link = (raw: string, target: string): OneSided => one(raw, { type: 'symlink', target });
    expect(likeness(link('/a', 'x'))).to.equal(likeness(link('/b', 'x')));
    expect(likeness(link('/a', 'x'))).to.not.equal(likeness(link('/a', 'y')));
    expect(likeness(directory('/a'))).to.equal(undefined);
  });
});
