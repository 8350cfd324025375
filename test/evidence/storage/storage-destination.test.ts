import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Digested } from '../../../src/evidence/digested.ts';
import { StorageDestination } from '../../../src/evidence/storage/storage-destination.ts';
import type { StorageObject } from '../../../src/evidence/storage/storage-object.ts';
import { OperationError, UsageError, VerificationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { inSandbox, piecesOf } from '../sandbox.ts';
import type { FakeStorage } from './fake-storage.ts';
import { withStorage } from './lab.ts';

const mebibyte = 2 ** 20;
/** Three parts, of 8, 8 and 1 MiB. */
const content = randomBytes(17 * mebibyte);

/** One try of an upload of `bytes` as the command does it; the facts for custody. */
async function upload(
  dir: string,
  object: StorageObject,
  bytes: AsyncIterable<Buffer> = piecesOf(content, mebibyte),
  identity = 'c',
): Promise<Readonly<Record<string, unknown>>> {
  const destination = new StorageDestination(object);
  const archive = { dir: join(dir, 'case'), content: identity, most: content.length };
  await destination.check(archive.dir);
  await destination.begin(archive);
  const digested = new Digested();
  return destination.write(digested.through(bytes), archive, digested);
}

function inLab(
  work: (dir: string, storage: FakeStorage, object: StorageObject) => Promise<void>,
): Promise<void> {
  return inSandbox((dir) => withStorage((storage, object) => work(dir, storage, object)));
}

describe('storage destination', () => {
  it('puts an object and compares what is there', () =>
    inLab(async (dir, storage, object) => {
      const facts = await upload(dir, object);
      expect(facts).to.include({ parts: 3, keptParts: 0, compared: 'crc32 of the whole object' });
      expect(storage.objects.get('cases/x')?.equals(content)).to.equal(true);
      expect(await readdir(dir)).to.deep.equal([]);
    }));

  it('copies each piece before it asks for the next, as it says', () =>
    inLab(async (dir, storage, object) => {
      expect(new StorageDestination(object).copies).to.equal(true);
      async function* lent(): AsyncGenerator<Buffer> {
        const piece = Buffer.alloc(3 * mebibyte);
        for (let at = 0; at < content.length; at += piece.length) {
          const length = content.copy(piece, 0, at, at + piece.length);
          yield await Promise.resolve(piece.subarray(0, length));
          piece.fill(0);
        }
      }
      await upload(dir, object, lent());
      expect(storage.objects.get('cases/x')?.equals(content)).to.equal(true);
    }));

  it('reads all of it back where the storage keeps no checksum', () =>
    inLab(async (dir, storage, object) => {
      storage.checksums = false;
      expect(await upload(dir, object)).to.include({ compared: 'sha256, all of it read back' });
      storage.objects.clear();
      storage.fault = (step) => {
        if (step === 'HEAD object') storage.objects.get('cases/x')?.writeUInt8(0, 5);
        return undefined;
      };
      const error = await failureOf(upload(dir, object));
      expect(error).to.be.instanceOf(VerificationError);
      expect(error.message).to.equal('s3://cases/x is not what was sent: its sha256 is another one there');
    }));

  it('goes on where it was cut, whatever the part, and nothing is there before the end', () =>
    inLab(async (dir, storage, object) => {
      for (const cut of ['PUT part 1', 'PUT part 2', 'PUT part 3', 'POST upload']) {
        storage.objects.clear();
        storage.fault = (step) => (step === cut ? { status: 500, code: 'InternalError' } : undefined);
        const error = await failureOf(upload(dir, object));
        if (!(error instanceof OperationError)) throw error;
        expect(error.advice).to.contain('run the same command again to go on');
        expect(storage.objects.size).to.equal(0);
        storage.fault = () => undefined;
        const before = storage.requests.length;
        const facts = await upload(dir, object);
        const puts = storage.requests.slice(before).filter((step) => step.startsWith('PUT part')).length;
        expect(Number(facts['keptParts']) + puts, cut).to.equal(3);
        expect(facts['keptParts'], cut).to.be.greaterThan(1);
        expect(storage.objects.get('cases/x')?.equals(content)).to.equal(true);
        expect(storage.uploads.size).to.equal(0);
        expect(await readdir(dir)).to.deep.equal([]);
      }
    })).timeout(60_000);

  it('knows its own object when the answer to the last request was lost', () =>
    inLab(async (dir, storage, object) => {
      storage.fault = (step) => (step === 'POST upload' ? { lost: true } : undefined);
      expect(await upload(dir, object)).to.include({ parts: 3 });
    }));

  it('knows the object that a killed process had finished', () =>
    inLab(async (dir, storage, object) => {
      storage.fault = (step) => (step === 'POST upload' ? { lost: true } : undefined);
      let looked = 0;
      const killed = await failureOf(
        upload(
          dir,
          new Proxy(object, {
            get: (target, name) => {
              if (name === 'parts' && (looked += 1) > 0) return () => Promise.reject(new Error('killed'));
              const value: unknown = Reflect.get(target, name);
              return typeof value === 'function' ? (value.bind(target) as unknown) : value;
            },
          }),
        ),
      );
      expect(killed.message).to.equal('killed');
      storage.fault = () => undefined;
      expect(await upload(dir, object)).to.include({ compared: 'sha256, all of it read back' });
      expect(await readdir(dir)).to.deep.equal([]);
    }));

  it('never replaces an object, not even one that came meanwhile', () =>
    inLab(async (dir, storage, object) => {
      storage.objects.set('cases/x', Buffer.from('precious'));
      const early = await failureOf(upload(dir, object));
      expect(early).to.be.instanceOf(UsageError);
      expect(early.message).to.equal('s3://cases/x exists; remove it or give another name with --to');
      storage.objects.clear();
      async function* slow(): AsyncGenerator<Buffer> {
        yield* piecesOf(content, mebibyte);
        storage.objects.set('cases/x', Buffer.from('precious'));
      }
      expect((await failureOf(upload(dir, object, slow()))).message).to.contain('exists; remove it');
      expect(storage.objects.get('cases/x')?.toString()).to.equal('precious');
    }));

  it('begins anew when the archive became another one, and gives the old upload up', () =>
    inLab(async (dir, storage, object) => {
      storage.fault = (step) => (step === 'POST upload' ? { status: 500 } : undefined);
      await failureOf(upload(dir, object));
      storage.fault = () => undefined;
      const facts = await upload(dir, object, piecesOf(Buffer.from('new'), 2), 'other');
      expect(facts).to.include({ parts: 1, keptParts: 0 });
      expect([storage.uploads.size, storage.objects.get('cases/x')?.toString()]).to.deep.equal([0, 'new']);
    }));

  it('keeps nothing of an upload whose source was not what was sealed', () =>
    inLab(async (dir, storage, object) => {
      async function* changed(): AsyncGenerator<Buffer> {
        yield* piecesOf(content, mebibyte);
        throw new VerificationError('data/x is not what was sealed');
      }
      const error = await failureOf(upload(dir, object, changed()));
      expect(error.message).to.equal('data/x is not what was sealed');
      expect([storage.uploads.size, storage.objects.size, await readdir(dir)]).to.deep.equal([0, 0, []]);
    }));
});
