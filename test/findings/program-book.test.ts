import { expect } from 'chai';
import { ProgramBook } from '../../src/findings/program-book.ts';

const source = { acquisition: 'a', item: 1, name: 'x' };
const list = 'live_response/packages/programs.md5';
const [is, other] = ['1', '2'].map((digit) => digit.repeat(32)) as [string, string];

describe('a book of programs', () => {
  it('reads lists of digests, and counts lines that are none', () => {
    const book = new ProgramBook();
    expect(ProgramBook.wants(list)).to.equal(true);
    expect(ProgramBook.wants('live_response/packages/programs.txt')).to.equal(false);
    expect(book.add(list, source, Buffer.from(`${is}  ./usr/bin/a\n${other} *bin/b\nno\n`))).to.equal(1);
    expect(book.programs.map(({ value }) => value)).to.deep.equal([
      { algorithm: 'md5', path: '/usr/bin/a', digest: is },
      { algorithm: 'md5', path: '/bin/b', digest: other },
    ]);
  });
  it('keeps what packages say of programs only, under both names of a merged /usr', () => {
    const book = new ProgramBook();
    book.add(list, source, Buffer.from(`${is}  usr/bin/a\n`));
    for (const [path, digest] of [
      ['/bin/a', is],
      ['/usr/bin/a', other],
      ['/usr/share/doc', is],
    ] as const)
      book.addPackageFile(source, { path: Buffer.from(path), package: 'a', algorithm: 'md5', digest });
    expect([...book.packageFiles].map(([key, { value }]) => [key, [...value]])).to.deep.equal([
      ['md5 /usr/bin/a', [is, other]],
    ]);
  });
});
