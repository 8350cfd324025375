import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeTarName, encodeTarHeader, tarPadding, type TarEntry } from '../../src/evidence/tar-header.ts';
import { inSandbox, run } from './sandbox.ts';

const entry: TarEntry = {
  name: Buffer.from('a'),
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0n,
};

describe('tar header', () => {
  it('gives its name back, whatever it is', () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 600 }),
        fc.uint8Array({ maxLength: 300 }),
        (name, target) => {
          const bytes = Buffer.from(name).filter((byte) => byte !== 0);
          fc.pre(bytes.length > 0);
          const header = encodeTarHeader({
            ...entry,
            name: Buffer.from(bytes),
            type: 'symlink',
            target: Buffer.from(target),
          });
          expect(header.length % 512).to.equal(0);
          expect(decodeTarName(header)?.equals(bytes)).to.equal(true);
        },
      ),
    ));

  it('is no name in zeros or noise', () => {
    expect(decodeTarName(Buffer.alloc(1024))).to.equal(undefined);
    expect(decodeTarName(Buffer.alloc(1024, 7))).to.equal(undefined);
    expect(decodeTarName(Buffer.alloc(10))).to.equal(undefined);
  });

  it('holds numbers above their fields, and times before the epoch, as GNU tar reads them', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.tar');
      const wide = { ...entry, uid: 4_294_967_294, mtime: -86_400n };
      await writeFile(path, Buffer.concat([encodeTarHeader(wide), Buffer.alloc(1024)]));
      expect(await run('tar', ['--numeric-owner', '-tvf', path])).to.match(
        /^-rw-r--r-- 4294967294\/0 +0 1969-12-31 00:00 a\n$/,
      );
      const huge = encodeTarHeader({ ...entry, size: 9 * 2 ** 30 });
      expect(huge.subarray(124, 136).toString('hex')).to.equal('800000000000000240000000');
    }));

  for (const [size, padding] of [
    [0, 0],
    [1, 511],
    [512, 0],
    [513, 511],
  ] as const)
    it(`fills ${size} bytes with ${padding}`, () => expect(tarPadding(size)).to.equal(padding));
});
