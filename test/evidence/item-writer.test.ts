import { hash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ItemWriter } from '../../src/evidence/item-writer.ts';
import { Reserve, type Storage } from '../../src/evidence/reserve.ts';
import { OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { fileHeader, inSandbox } from './sandbox.ts';

const facts = { source: '/x', sensitive: false, collected: '2026-11-22T04:15:00.000Z' };

async function writerIn(dir: string, wrap: (tar: Storage) => Storage = (tar) => tar): Promise<ItemWriter> {
  const reserve = await Reserve.make(join(dir, '.reserve'));
  const tar = wrap(await open(join(dir, 'x.tar'), 'wx+'));
  return new ItemWriter(dir, tar, await open(join(dir, 'items.jsonl'), 'wx+'), reserve);
}

describe('item writer', () => {
  it('refuses what no collector may send: nested items, data or ends outside of one', () =>
    inSandbox(async (dir) => {
      const writer = await writerIn(dir);
      expect((await failureOf(writer.write(Buffer.from('x')))).message).to.equal(
        'data came outside of an item',
      );
      expect((await failureOf(writer.end({ outcome: 'ok', length: 0 }))).message).to.equal(
        'an item ended that was not begun',
      );
      await writer.begin(fileHeader('a'), facts);
      expect((await failureOf(writer.begin(fileHeader('b'), facts))).message).to.contain(
        'before the one before it had ended',
      );
      await writer.end({ outcome: 'ok', length: 0 });
      await writer.close();
    }));

  it('tells the digest of what lies in the tar, whatever came at once', () =>
    inSandbox(async (dir) => {
      const writer = await writerIn(dir);
      await writer.begin(fileHeader('a'), facts);
      const pieces = [3, 2_500_000, 1_048_576, 5].map((size, at) => Buffer.alloc(size, 65 + at));
      for (const piece of pieces) await writer.write(piece);
      const whole = Buffer.concat(pieces);
      const { sha256, size, offset = 0 } = await writer.end({ outcome: 'ok', length: whole.length });
      await writer.close();
      const kept = (await readFile(join(dir, 'x.tar'))).subarray(offset, offset + whole.length);
      expect(kept.equals(whole)).to.equal(true);
      expect([size, sha256]).to.deep.equal([whole.length, hash('sha256', whole, 'hex')]);
    }));

  it('after a disk error keeps what was complete, and names the item that was lost', () =>
    inSandbox(async (dir) => {
      const failing = (tar: Storage): Storage => ({
        write: (async (bytes: Buffer, from: number, length: number, at: number) => {
          if (at > 1_000_000) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
          return (tar as unknown as { write(...args: unknown[]): Promise<unknown> }).write(
            bytes,
            from,
            length,
            at,
          );
        }) as unknown as Storage['write'],
        truncate: (size) => tar.truncate(size),
        sync: () => tar.sync(),
        close: () => tar.close(),
      });
      const writer = await writerIn(dir, failing);
      await writer.begin(fileHeader('kept'), facts);
      await writer.end({ outcome: 'ok', length: 0 });
      await writer.begin(fileHeader('lost'), facts);
      const fill = async (): Promise<void> => {
        for (;;) await writer.write(Buffer.alloc(65536));
      };
      const error = await failureOf(fill());
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.equal(`cannot write evidence into ${dir}`);
      expect(await failureOf(writer.end({ outcome: 'truncated', length: 0 }))).to.equal(error);
      expect(writer.busy).to.equal(false);
      const { tarSize } = await writer.close();
      expect(tarSize).to.equal(512 + 1024);
      const lines = (await readFile(join(dir, 'items.jsonl'), 'utf8')).trimEnd().split('\n');
      expect(
        lines.map((line) => (JSON.parse(line) as { name: string; outcome: string }).outcome),
      ).to.deep.equal(['ok', 'truncated']);
    }));
});
