import type * as Crypto from 'node:crypto';
import type * as Fs from 'node:fs';

/** Files that are to be hashed, one after the other. */
export interface HashJob {
  readonly paths: readonly string[];
  /** Node's names of the digests. */
  readonly algorithms: readonly string[];
  /** A file with more bytes is left alone, so that it can be shared out; undefined: no limit. */
  readonly limit: number | undefined;
}

/** What came of one file. */
export type HashedFile =
  | { readonly state: 'hashed'; readonly size: number; readonly digests: readonly string[] }
  | { readonly state: 'large' | 'other' }
  | { readonly state: 'failed'; readonly code: string; readonly message: string };

/**
 * Makes the function that does jobs, in a worker or where it is called. Workers get it as source text, since a single
 * executable has no files that a worker could start from; so it uses nothing but its arguments. It reads synchronously: a
 * worker has nothing else to do.
 */
export function makeHasher(fs: typeof Fs, crypto: typeof Crypto): (job: HashJob) => HashedFile[] {
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

  const digestsOf = (
    file: number,
    algorithms: readonly string[],
    expected: number,
  ): { size: number; digests: string[] } => {
    let length = fs.readSync(file, buffer, 0, buffer.length, null);
    if (length < buffer.length) {
      const whole = buffer.subarray(0, length);
      const more = length === expected ? 0 : fs.readSync(file, buffer, length, buffer.length - length, null);
      if (more === 0)
        return { size: length, digests: algorithms.map((name) => crypto.hash(name, whole, 'hex')) };
      length += more;
    }
    const hashes = algorithms.map((name) => crypto.createHash(name));
    let size = 0;
    while (length > 0) {
      for (const hash of hashes) hash.update(buffer.subarray(0, length));
      size += length;
      length = fs.readSync(file, buffer, 0, buffer.length, null);
    }
    return { size, digests: hashes.map((hash) => hash.digest('hex')) };
  };

  const hashFile = (path: string, { algorithms, limit }: HashJob): HashedFile => {
    let file: number;
    try {
      // A link that took the file's place is not followed, and a pipe is not waited for.
      file = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      return code === 'ELOOP' || code === 'ENXIO' ? { state: 'other' } : { state: 'failed', code, message };
    }
    try {
      const facts = fs.fstatSync(file);
      if (!facts.isFile()) return { state: 'other' };
      if (limit !== undefined && facts.size > limit) return { state: 'large' };
      return { state: 'hashed', ...digestsOf(file, algorithms, facts.size) };
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      return { state: 'failed', code, message };
    } finally {
      fs.closeSync(file);
    }
  };

  return (job) => job.paths.map((path) => hashFile(path, job));
}
