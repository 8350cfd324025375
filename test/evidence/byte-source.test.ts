import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { firstBytes, openFileSource } from '../../src/evidence/byte-source.ts';
import { bytesOf, inSandbox } from './sandbox.ts';

describe('file source', () => {
  it('gives the whole or a part, as often as asked', () =>
    inSandbox(async (dir) => {
      await writeFile(join(dir, 'x'), '0123456789');
      const source = await openFileSource(join(dir, 'x'));
      expect(source).to.include({ name: join(dir, 'x'), size: 10 });
      for (let round = 0; round < 2; round += 1)
        expect((await bytesOf(source.read())).toString()).to.equal('0123456789');
      expect((await bytesOf(source.read(3, 5))).toString()).to.equal('34');
      expect((await bytesOf(source.read(5, 5))).length).to.equal(0);
      expect((await firstBytes(source, 100)).toString()).to.equal('0123456789');
      expect((await firstBytes(source, 2)).toString()).to.equal('01');
    }));
});
