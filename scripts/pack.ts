import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';

/**
 * A .tar.gz with the given files at its top, as krew takes it: regular files only, root's, with the same bytes for the
 * same content.
 */
export async function packArchive(paths: readonly string[], archive: string): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: 6 }), createWriteStream(archive));
  for (const path of paths) await addFile(tar, path);
  tar.finalize();
  await written;
}

/** sha256 of a file, lower-case hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A digest of the names and contents of files: equal digests mean that a build would give the same again. */
export async function digestOf(paths: readonly string[], extra: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  for (const path of [...paths].sort()) hash.update(`${path}\0`).update(await readFile(path));
  return hash.digest('hex');
}

async function addFile(tar: Pack, path: string): Promise<void> {
  const { size, mode } = await stat(path);
  const header = { name: basename(path), size, mode: mode & 0o111 ? 0o755 : 0o644, mtime: new Date(0) };
  const entry = tar.entry(header);
  await pipeline(createReadStream(path), entry);
}
