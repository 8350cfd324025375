import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { openStorageSource } from '../../../src/evidence/storage/storage-source.ts';
import type { StorageObject } from '../../../src/evidence/storage/storage-object.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { bytesOf } from '../sandbox.ts';
import { withStorage } from './lab.ts';

const content = randomBytes(50_000);

describe('storage source', () => {
  it('is an object, in whole or in part', () =>
    withStorage(async (storage, object) => {
      storage.objects.set('cases/x', content);
      const source = await openStorageSource(object);
      expect(source).to.include({ name: 's3://cases/x', size: content.length });
      expect((await bytesOf(source.read())).equals(content)).to.equal(true);
      expect((await bytesOf(source.read(5, 10))).equals(content.subarray(5, 10))).to.equal(true);
      expect((await bytesOf(source.read(5, 5))).length).to.equal(0);
    }));

  it('that is not there, or may not be read, is told', () =>
    withStorage(async (storage, object) => {
      expect((await failureOf(openStorageSource(object))).message).to.equal(
        'cannot read s3://cases/x: there is no such object',
      );
      storage.fault = () => ({ status: 403, code: 'SignatureDoesNotMatch' });
      expect((await failureOf(openStorageSource(object))).message).to.equal(
        'cannot read s3://cases/x: the storage does not accept these credentials',
      );
    }));

  it('takes a stream up where it broke, and gives up when it gets no further', async () => {
    const starts: number[] = [];
    let stuck = false;
    const object = {
      url: { text: 's3://cases/x' },
      look: () => Promise.resolve({ size: content.length, etag: 'e' }),
      async *read(start: number, end: number) {
        starts.push(start);
        if (!stuck) yield await Promise.resolve(content.subarray(start, Math.min(end, start + 20_000)));
        if (stuck || start + 20_000 < end) throw new OperationError('cannot read on from s3://cases/x: cut');
      },
    } as unknown as StorageObject;
    const source = await openStorageSource(object);
    expect((await bytesOf(source.read())).equals(content)).to.equal(true);
    expect(starts).to.deep.equal([0, 20_000, 40_000]);
    stuck = true;
    expect((await failureOf(bytesOf(source.read()))).message).to.contain('cut');
    expect(starts).to.have.length(7);
  });
});
