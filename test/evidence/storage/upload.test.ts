import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import type { StorageObject } from '../../../src/evidence/storage/storage-object.ts';
import { putParts } from '../../../src/evidence/storage/upload.ts';
import { failureOf } from '../../support/failure.ts';
import { piecesOf } from '../sandbox.ts';

/** An object that keeps what is put; `delays` in milliseconds make parts overtake each other. */
class Recorder {
  readonly put = new Map<number, Buffer>();
  under = 0;
  most = 0;
  readonly #fail: number;

  constructor(fail = 0) {
    this.#fail = fail;
  }

  get object(): StorageObject {
    const put = async (_id: string, number: number, bytes: Buffer): Promise<string> => {
      this.under += 1;
      this.most = Math.max(this.most, this.under);
      await delay(number % 2 === 0 ? 1 : 10);
      this.under -= 1;
      if (number === this.#fail) throw new Error('the storage is gone');
      this.put.set(number, Buffer.from(bytes));
      return `etag-${number}`;
    };
    return { put } as unknown as StorageObject;
  }

  get content(): Buffer {
    return Buffer.concat([...this.put].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
  }
}

const upload = { uploadId: 'u', partSize: 1000 };

describe('putParts', () => {
  it('cuts any stream into parts of one size, a few under way at once', async () => {
    for (const length of [0, 1, 999, 1000, 1001, 20_000, 20_001]) {
      const content = randomBytes(length);
      const recorder = new Recorder();
      const put = await putParts(recorder.object, upload, piecesOf(content, 333), new Map());
      expect(recorder.content.equals(content), String(length)).to.equal(true);
      expect(put).to.include({ size: length, crc32: crc32(content), kept: 0 });
      expect(put.parts.map(({ number, etag }) => `${number} ${etag}`)).to.deep.equal(
        Array.from({ length: Math.max(1, Math.ceil(length / 1000)) }, (_, at) => `${at + 1} etag-${at + 1}`),
      );
      expect(recorder.most).to.be.at.most(5);
    }
  });

  it('leaves out what is there with the same bytes, known by CRC-32 or else by MD5', async () => {
    const content = Buffer.from('a'.repeat(1000) + 'b'.repeat(1000) + 'c'.repeat(1000) + 'd'.repeat(10));
    const md5 = createHash('md5').update(content.subarray(2000, 3000)).digest('hex');
    const stored = new Map([
      [1, { size: 1000, etag: 'one', crc32: crc32(content.subarray(0, 1000)) }],
      [2, { size: 1000, etag: 'two', crc32: 5 }],
      [3, { size: 1000, etag: `"${md5}"` }],
      [4, { size: 11, etag: 'four', crc32: crc32(content.subarray(3000)) }],
    ]);
    const recorder = new Recorder();
    const put = await putParts(recorder.object, upload, piecesOf(content, 10_000), stored);
    expect([...recorder.put.keys()].sort()).to.deep.equal([2, 4]);
    expect([put.kept, put.parts[0]?.etag]).to.deep.equal([2, 'one']);
  });

  it('ends with the first failure, when nothing is under way any more', async () => {
    const recorder = new Recorder(3);
    let taken = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        taken += 1;
        yield await Promise.resolve(Buffer.alloc(500));
      }
    }
    const error = await failureOf(putParts(recorder.object, upload, endless(), new Map()));
    expect(error.message).to.equal('the storage is gone');
    expect(recorder.under).to.equal(0);
    expect(taken).to.be.lessThan(40);
  });

  it('fails with its source', async () => {
    const recorder = new Recorder();
    async function* broken(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.alloc(5000));
      throw new Error('changed');
    }
    expect((await failureOf(putParts(recorder.object, upload, broken(), new Map()))).message).to.equal(
      'changed',
    );
    expect(recorder.under).to.equal(0);
  });
});
