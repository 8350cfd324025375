import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import { OperationError } from '../../../src/output/errors.ts';
import { connectAs, StorageObject } from '../../../src/evidence/storage/storage-object.ts';
import { parseStorageUrl } from '../../../src/evidence/storage/storage-url.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { bytesOf } from '../sandbox.ts';
import { withStorage } from './lab.ts';

const content = randomBytes(100_000);

describe('storage object', () => {
  it('is put in parts, looked at, and read in any part', () =>
    withStorage(async (storage, object) => {
      expect(await object.look()).to.equal(undefined);
      const uploadId = await object.begin();
      const halves = [content.subarray(0, 60_000), content.subarray(60_000)];
      const parts = [];
      for (const [at, bytes] of halves.entries()) {
        const etag = await object.put(uploadId, at + 1, bytes, crc32(bytes));
        parts.push({ number: at + 1, etag, crc32: crc32(bytes) });
      }
      const stored = await object.parts(uploadId);
      expect([...(stored ?? [])].map(([number, { size, crc32: crc }]) => [number, size, crc])).to.deep.equal(
        halves.map((bytes, at) => [at + 1, bytes.length, crc32(bytes)]),
      );
      await object.complete(uploadId, parts, content.length, crc32(content));
      expect(await object.parts(uploadId)).to.equal(undefined);
      expect(await object.look()).to.deep.include({ size: content.length, crc32: crc32(content) });
      expect((await bytesOf(object.read(10, 70_000, ''))).equals(content.subarray(10, 70_000))).to.equal(
        true,
      );
      expect(storage.objects.get('cases/x')?.equals(content)).to.equal(true);
    }));

  it('finishes without the condition where the storage does not know it', () =>
    withStorage(async (storage, object) => {
      const uploadId = await object.begin();
      let first = true;
      storage.fault = (step) => {
        if (step !== 'POST upload' || !first) return undefined;
        first = false;
        return { status: 501, code: 'NotImplemented' };
      };
      await object.complete(uploadId, [], 0, 0);
      expect(storage.objects.has('cases/x')).to.equal(true);
    }));

  it('waits for a storage that is silent while it joins the parts, and for no other silence', () =>
    withStorage(async (storage, object) => {
      storage.silenceMs = 1_000;
      storage.fault = (step) => (step === 'POST upload' ? { silentMs: 3_000 } : undefined);
      const uploadId = await object.begin();
      await object.complete(uploadId, [], 0, 0);
      expect(storage.objects.has('cases/x')).to.equal(true);
      expect(storage.requests.filter((step) => step === 'POST upload')).to.have.length(1);
      storage.fault = () => ({ silentMs: 3_000 });
      expect((await failureOf(object.begin())).message).to.contain('cannot begin the upload to s3://cases/x');
    }));

  it('is hidden where looking is forbidden, and every other refusal is told', () =>
    withStorage(async (storage, object) => {
      storage.fault = () => ({ status: 403, code: 'AccessDenied' });
      expect(await object.look()).to.equal('hidden');
      const error = await failureOf(object.begin());
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.equal('cannot begin the upload to s3://cases/x: the storage forbids it');
      storage.fault = () => ({ status: 500, code: 'InternalError' });
      expect((await failureOf(object.look())).message).to.contain('cannot look for s3://cases/x');
    }));

  it('ends with the reason of an abort', () =>
    withStorage(async (storage) => {
      const controller = new AbortController();
      const url = parseStorageUrl('s3://cases/x');
      const object = new StorageObject(url, storage.connect, controller.signal);
      storage.fault = () => {
        controller.abort(new Error('enough'));
        return undefined;
      };
      expect((await failureOf(object.begin())).message).to.equal('enough');
      await object.close();
    }));

  it('is reached as the environment says', async () => {
    const env = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' };
    const client = await connectAs(memoryIo({ env }))();
    expect(client.config.forcePathStyle).to.equal(true);
    const plain = await connectAs(memoryIo())();
    expect(plain.config.forcePathStyle).to.equal(false);
    for (const each of [client, plain]) each.destroy();
  });
});
