import { createHash, randomBytes } from 'node:crypto';
import { OperationError, UsageError, VerificationError } from '../../output/errors.ts';
import type { ArchiveIdentity, Destination } from '../destination.ts';
import type { Digested } from '../digested.ts';
import { planParts } from './part-size.ts';
import type { StorageObject, StoredPart } from './storage-object.ts';
import { putParts, type PutParts } from './upload.ts';
import { UploadStateFile, type UploadState } from './upload-state.ts';

/** Facts for custody. */
type Facts = Readonly<Record<string, unknown>>;

/** Where an upload stands before its bytes come. */
interface Standing {
  readonly state: UploadState;
  /** Parts that are there; undefined when the upload is gone, which it is too when it was finished. */
  readonly stored: ReadonlyMap<number, StoredPart> | undefined;
}

/**
 * An object in S3-compatible storage, put in parts. Under its name there is nothing until the storage has all of it and
 * agrees about size and CRC-32. An upload that was cut, however, goes on at the next try with the same archive: the parts
 * that are there are kept. Closes the object.
 */
export class StorageDestination implements Destination {
  readonly copies = true;
  readonly #object: StorageObject;
  #standing: Standing | undefined;

  constructor(object: StorageObject) {
    this.#object = object;
  }

  get name(): string {
    return this.#object.url.text;
  }

  async check(dir: string): Promise<void> {
    const there = await this.#object.look();
    if (there === undefined || there === 'hidden') return;
    if ((await this.#stateFile(dir).read()) === undefined) throw this.#exists();
  }

  async begin(archive: ArchiveIdentity): Promise<Buffer> {
    const file = this.#stateFile(archive.dir);
    const old = await file.read();
    if (old?.content === archive.content) {
      const stored = await this.#object.parts(old.uploadId).catch((error: unknown) => {
        throw this.#cut(error);
      });
      if (stored !== undefined || (await this.#isThere())) {
        this.#standing = { state: old, stored };
        return old.seed;
      }
    } else if (old !== undefined) await this.#object.abandon(old.uploadId).catch(ignoreRefusal);
    const { partSize } = planParts(archive.most);
    const state: UploadState = {
      destination: this.name,
      content: archive.content,
      uploadId: await this.#object.begin(),
      partSize,
      seed: randomBytes(32),
    };
    await file.write(state);
    this.#standing = { state, stored: new Map() };
    return state.seed;
  }

  async write(bytes: AsyncIterable<Buffer>, archive: ArchiveIdentity, digested: Digested): Promise<Facts> {
    if (this.#standing === undefined) throw new Error('the upload was not begun');
    const { state, stored } = this.#standing;
    const file = this.#stateFile(archive.dir);
    if (stored === undefined) return this.#finished(bytes, digested, file);
    const { uploadId } = state;
    let put: PutParts;
    try {
      put = await putParts(this.#object, state, bytes, stored);
    } catch (error) {
      // What came from a file that was not what was sealed must not stay, nor what it was encrypted with.
      if (error instanceof VerificationError) await this.#forget(uploadId, file);
      throw this.#cut(error);
    }
    try {
      await this.#object.complete(uploadId, put.parts, put.size, put.crc32);
    } catch (error) {
      // The answer may have been lost, or another try of the same request may have come first.
      if ((await this.#object.parts(uploadId)) !== undefined) throw await this.#refused(error);
      await this.#compareBytes(digested);
    }
    const facts = await this.#compare(put, digested);
    await file.remove();
    return { uploadId, parts: put.parts.length, keptParts: put.kept, ...facts };
  }

  close(): Promise<void> {
    return this.#object.close();
  }

  /** The upload was finished by a process that died before it could say so. */
  async #finished(bytes: AsyncIterable<Buffer>, digested: Digested, file: UploadStateFile): Promise<Facts> {
    let size = 0;
    for await (const chunk of bytes) size += chunk.length;
    const facts = await this.#compareBytes(digested);
    await file.remove();
    return { size, ...facts };
  }

  /** Asks the storage what it has now; where it keeps no checksum of the whole, all of it is read back. */
  async #compare(put: PutParts, digested: Digested): Promise<Facts> {
    const there = await this.#object.look();
    if (there === 'hidden') return { compared: 'by the storage alone: these credentials may not read' };
    if (there === undefined) throw this.#different('it is not there');
    if (there.size !== put.size) throw this.#different(`it has ${there.size} bytes there, ${put.size} here`);
    if (there.crc32 === undefined) return this.#compareBytes(digested);
    if (there.crc32 !== put.crc32) throw this.#different('its CRC-32 is another one there');
    return { etag: there.etag, crc32: hex(there.crc32), compared: 'crc32 of the whole object' };
  }

  async #compareBytes(digested: Digested): Promise<Facts> {
    const there = await this.#object.look();
    if (there === undefined || there === 'hidden' || there.size !== digested.size)
      throw this.#different('it is not there as it was sent');
    const hash = createHash('sha256');
    for await (const chunk of this.#object.read(0, there.size, there.etag)) hash.update(chunk);
    if (hash.digest('hex') !== digested.sha256) throw this.#different('its sha256 is another one there');
    return { etag: there.etag, compared: 'sha256, all of it read back' };
  }

  async #forget(uploadId: string, file: UploadStateFile): Promise<void> {
    await this.#object.abandon(uploadId).catch(ignoreRefusal);
    await file.remove();
  }

  async #isThere(): Promise<boolean> {
    const there = await this.#object.look();
    return there !== undefined && there !== 'hidden';
  }

  /** Why the storage did not finish an upload that is still there: mostly that somebody else's object has the name. */
  async #refused(error: unknown): Promise<unknown> {
    return (await this.#isThere()) ? this.#exists() : this.#cut(error);
  }

  #cut(error: unknown): unknown {
    if (!(error instanceof OperationError) || error instanceof VerificationError) return error;
    const more = error.advice === undefined ? '' : `\n${error.advice}`;
    return new OperationError(error.message, {
      advice: `the parts that are there are kept; run the same command again to go on${more}`,
      cause: error,
    });
  }

  #exists(): UsageError {
    return new UsageError(`${this.name} exists; remove it or give another name with --to`);
  }

  #different(why: string): VerificationError {
    return new VerificationError(`${this.name} is not what was sent: ${why}`, {
      advice: 'remove it there, then run this again',
    });
  }

  #stateFile(dir: string): UploadStateFile {
    return new UploadStateFile(dir, this.name);
  }
}

/** An old upload that cannot be given up costs room in the storage, but no evidence. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof OperationError)) throw error;
}

function hex(crc32: number): string {
  return crc32.toString(16).padStart(8, '0');
}
