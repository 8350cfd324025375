import { randomBytes } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { filePieces, lentPieces } from '../../src/evidence/file-pieces.ts';
import { failureOf } from '../support/failure.ts';
import { bytesOf, inSandbox } from './sandbox.ts';

const content = randomBytes(2_500_000);

describe('filePieces', () => {
  it('are all of a file, or its beginning', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x');
      await writeFile(path, content);
      for (const size of [undefined, 0, 1, 999_999, content.length, content.length + 1]) {
        const bytes = await bytesOf(filePieces(path, () => Buffer.alloc(1_000_000), size));
        expect(bytes.equals(content.subarray(0, size)), String(size)).to.equal(true);
      }
    }));

  it('are lent in one buffer', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x');
      await writeFile(path, content);
      const memory = new Set<ArrayBufferLike>();
      const copies: Buffer[] = [];
      for await (const piece of lentPieces(path)) {
        memory.add(piece.buffer);
        copies.push(Buffer.from(piece));
      }
      expect(Buffer.concat(copies).equals(content)).to.equal(true);
      expect(memory.size).to.equal(1);
    }));

  it('follow no link', () =>
    inSandbox(async (dir) => {
      await symlink('/etc/passwd', join(dir, 'x'));
      expect(await failureOf(bytesOf(lentPieces(join(dir, 'x'))))).to.have.property('code', 'ELOOP');
    }));
});
