import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OperationError } from '../output/errors.ts';
import { hasCode, onDisk } from './durable-file.ts';
import { openTree } from './open-tree.ts';

/** Files of a case that it is read from, behind the directory that an archive has; the names are ours, so plain ones. */
const wanted =
  /^(?:[^/]+\/)?(tagmanifest-sha512\.txt|signature\/[A-Za-z0-9_][A-Za-z0-9._-]*|data\/(?:case\.json|custody(?:-after-seal)?\.jsonl|acquisitions\/[A-Za-z0-9_][A-Za-z0-9._-]*\/[A-Za-z0-9_][A-Za-z0-9._-]*))$/;

/**
 * Lends the directory of a case. An archive of one (tar, tar.gz, tar.zst, zip) is unpacked into a directory of its own below
 * $TMPDIR, mode 0700, which is removed afterwards. Throws OperationError when it is no archive, or has no case in it.
 */
export async function withCaseDirectory<T>(
  place: string,
  signal: AbortSignal,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const facts = await stat(place).catch(() => undefined);
  if (facts?.isFile() !== true) return use(place);
  const dir = await mkdtemp(join(tmpdir(), 'kubectl-ir-'));
  try {
    const files = await unpack(place, dir, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw damage(place, error);
    });
    if (files === 0)
      throw new OperationError(`there is no case in ${place}`, {
        advice: 'give the directory of a case, or an archive of one',
      });
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** How many files of the payload there were. */
async function unpack(place: string, dir: string, signal: AbortSignal): Promise<number> {
  const tree = await openTree(place);
  let files = 0;
  for await (const file of tree.files()) {
    signal.throwIfAborted();
    const path = wanted.exec(file.path)?.[1];
    if (path === undefined || file.kind !== 'file') continue;
    const target = join(dir, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await onDisk(`unpack ${place} into ${dir}`, () =>
      pipeline(file.content(), createWriteStream(target, { mode: 0o600, flags: 'wx' }), { signal }),
    );
    if (path.startsWith('data/')) files += 1;
  }
  return files;
}

/** What ended the reading of an archive; one that is damaged, or has a file twice, is no mistake of this program. */
function damage(place: string, error: unknown): unknown {
  const isTwice = hasCode(error, 'EEXIST');
  if (!(error instanceof Error) || error instanceof OperationError || ('syscall' in error && !isTwice))
    return error;
  const why = isTwice ? 'it holds a file twice' : error.message;
  return new OperationError(`${place} is no archive to trust: ${why}`, {
    advice: 'see what is wrong with it: kubectl ir verify ARCHIVE',
    cause: error,
  });
}
