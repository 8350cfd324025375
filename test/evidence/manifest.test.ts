import { expect } from 'chai';
import fc from 'fast-check';
import { formatManifest, isOutside, manifestKind, parseManifest } from '../../src/evidence/manifest.ts';

const digest = 'ab'.repeat(32);

describe('manifest', () => {
  it('round-trips any path that may be in a payload', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' })), (names) => {
        const paths = names.map((name) => `data/${name}`).filter((path) => !isOutside(path));
        const digests = new Map(paths.map((path) => [path, digest]));
        const { digests: read, problems } = parseManifest(formatManifest(digests), 'data/');
        expect(problems).to.deep.equal([]);
        expect([...read.keys()].sort()).to.deep.equal([...digests.keys()].sort());
      }),
    ));

  it('is sorted, with two spaces and percent signs as RFC 8493 has it', () =>
    expect(
      formatManifest(
        new Map([
          ['data/b\n%', digest],
          ['data/a', digest],
        ]),
      ),
    ).to.equal(`${digest}  data/a\n${digest}  data/b%0A%25\n`));

  for (const [line, problem] of [
    ['xyz  data/a', 'line 1 is no digest and path'],
    [digest, 'line 1 is no digest and path'],
    [`${digest}  ../a`, 'line 1 names a path outside: ../a'],
    [`${digest}  /etc/passwd`, 'line 1 names a path outside: /etc/passwd'],
    [`${digest}  data/..\\..\\a`, 'line 1 names a path outside: data/..\\..\\a'],
    [`${digest}  C:\\a`, 'line 1 names a path outside: C:\\a'],
    [`${digest}  ~root/a`, 'line 1 names a path outside: ~root/a'],
    [`${digest}  bagit.txt`, 'line 1 names a path outside: bagit.txt'],
  ] as const)
    it(`refuses ${line}`, () => expect(parseManifest(line, 'data/').problems).to.deep.equal([problem]));

  it('takes other spellings of the same', () => {
    const text = `${digest.toUpperCase()} *data/a\r\n${digest}\t./data/b\n\n`;
    expect([...parseManifest(text, 'data/').digests]).to.deep.equal([
      ['data/a', digest],
      ['data/b', digest],
    ]);
  });

  it('tells a line that says the same again from one that says otherwise', () => {
    const other = digest.replace(/^./, 'f');
    const { problems, repeated } = parseManifest(
      `${digest}  data/a\n${digest}  data/a\n${other}  data/a\n`,
      'data/',
    );
    expect([problems, repeated]).to.deep.equal([
      ['line 3 names a path again: data/a'],
      ['line 2 names a path again: data/a'],
    ]);
  });

  it('keeps the literal spelling of a path that could be encoded', () => {
    const { digests, literal } = parseManifest(`${digest}  data/a%25b\n`, 'data/');
    expect([[...digests.keys()], [...literal]]).to.deep.equal([['data/a%b'], [['data/a%25b', 'data/a%b']]]);
  });

  for (const [name, kind] of [
    ['manifest-sha256.txt', { of: 'payload', algorithm: 'sha256' }],
    ['tagmanifest-md5.txt', { of: 'tags', algorithm: 'md5' }],
    ['manifest-crc32.txt', { of: 'payload', algorithm: undefined }],
    ['manifest.txt', undefined],
    ['data/manifest-md5.txt', undefined],
  ] as const)
    it(`knows ${name}`, () => expect(manifestKind(name)).to.deep.equal(kind));
});
