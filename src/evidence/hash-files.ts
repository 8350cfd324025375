import { join } from 'node:path';
import { type FileDigests, HashPool } from './hash-pool.ts';

/** Which files are to be hashed, and how. */
export interface FilesToHash {
  /** Directory that the paths are relative to. */
  readonly root: string;
  readonly paths: AsyncIterable<string>;
  /** Digests that are wanted of a file; the same list for files that may be hashed together. */
  readonly algorithmsOf: (path: string) => readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Files that go to a worker at once: a message costs as much as hashing a small file. */
const batchFiles = 64;

/**
 * Hashes files on all processors and shows each in the order of the paths, whichever worker is done first. Only some are
 * ahead of the others, so memory stays bounded.
 */
export async function hashFiles(
  { root, paths, algorithmsOf, signal }: FilesToHash,
  show: (path: string, file: FileDigests) => void,
): Promise<void> {
  const pool = new HashPool();
  const stop = (): void => void pool.close(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  const pending: Promise<void>[] = [];
  const digest = async (batch: readonly string[], before: Promise<void> | undefined): Promise<void> => {
    const places = batch.map((path) => join(root, path));
    const [files] = await Promise.all([pool.digest(places, algorithmsOf(batch[0] ?? '')), before]);
    for (const [at, path] of batch.entries()) show(path, files[at] ?? { kind: 'other' });
  };
  try {
    signal?.throwIfAborted();
    for await (const batch of inBatches(paths, algorithmsOf)) {
      const digested = digest(batch, pending.at(-1));
      // It is awaited later; until then a rejection is nobody's.
      digested.catch(() => undefined);
      pending.push(digested);
      if (pending.length > pool.width) await pending.shift();
    }
    await Promise.all(pending);
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}

async function* inBatches(
  paths: AsyncIterable<string>,
  algorithmsOf: FilesToHash['algorithmsOf'],
): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const path of paths) {
    const [first] = batch;
    const full = batch.length === batchFiles;
    if (first !== undefined && (full || algorithmsOf(first) !== algorithmsOf(path))) {
      yield batch;
      batch = [];
    }
    batch.push(path);
  }
  if (batch.length > 0) yield batch;
}
