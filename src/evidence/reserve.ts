import { randomFillSync } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isNoRoom } from './durable-file.ts';

/** An open file; a part of FileHandle, so that tests can put a full disk in its place. */
export type Storage = Pick<FileHandle, 'write' | 'truncate' | 'sync' | 'close'>;

const reserveSize = 4 * 1024 * 1024;

/**
 * Room set aside on the responder's disk. When the disk is full it is given up, so that what came so far can still be
 * finished properly: the write in progress, the last item's line, the record of the acquisition, the line in custody.
 */
export class Reserve {
  readonly #path: string;
  #givenUp = false;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Fills the file `path`. Bytes are random, since some file systems store no zeros. */
  static async make(path: string): Promise<Reserve> {
    const reserve = new Reserve(path);
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(randomFillSync(Buffer.allocUnsafe(reserveSize)));
    } catch (error) {
      await unlink(path);
      throw error;
    } finally {
      await file.close();
    }
    return reserve;
  }

  /** True once a write found the disk full; no new item may be begun then. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** Writes all bytes at `position`; on a full disk with the room set aside. Throws when that is not enough. */
  async put(storage: Storage, bytes: Buffer, position: number): Promise<void> {
    try {
      await putAll(storage, bytes, position);
    } catch (error) {
      if (!isNoRoom(error) || this.#givenUp) throw error;
      this.#givenUp = true;
      await unlink(this.#path);
      await putAll(storage, bytes, position);
    }
  }

  /** Removes the file at the end of the acquisition. */
  async remove(): Promise<void> {
    if (!this.#givenUp) await unlink(this.#path);
  }
}

async function putAll(storage: Storage, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await storage.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}
