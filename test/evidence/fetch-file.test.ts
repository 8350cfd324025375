import { expect } from 'chai';
import { parseFetch } from '../../src/evidence/fetch-file.ts';

describe('fetch.txt', () => {
  it('lists paths; lengths may be unknown, paths may have spaces', () => {
    const { paths, problems } = parseFetch(
      'http://example.org/a 5 data/a b\r\nfile:///srv/c\t-\tdata/c  \n\n',
    );
    expect([[...paths], problems]).to.deep.equal([['data/a b', 'data/c'], []]);
  });

  it('takes time in proportion to a line, whatever stands in it', () => {
    const blanks = ' '.repeat(1_000_000);
    for (const line of [`http://x 3 a${blanks}x`, `http://x ${blanks}x`, `http://x${blanks}`])
      parseFetch(line);
  }).timeout(5_000);

  for (const [line, problem] of [
    ['http://example.org/a 5', 'line 1 is no address, length and path'],
    ['http://example.org/a five data/a', 'line 1 is no address, length and path'],
    ['http://example.org/a 5 ../a', 'line 1 names a path outside: ../a'],
    ['http://example.org/a 5 ~/a', 'line 1 names a path outside: ~/a'],
    ['a.txt 5 data/a', 'line 1 has no address that can be one: a.txt'],
    ['data:x 5 data/a', 'line 1 has no address that can be one: data:x'],
  ] as const)
    it(`says what is wrong with: ${line}`, () => {
      expect(parseFetch(line)).to.deep.equal({ paths: new Set(), problems: [problem] });
    });
});
