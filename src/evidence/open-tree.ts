import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OperationError } from '../output/errors.ts';
import type { Identity } from './age/keys.ts';
import { ageMagic, openEncrypted } from './age/source.ts';
import { firstBytes, openFileSource, type ByteSource } from './byte-source.ts';
import { decompress, type Compression } from './decompress.ts';
import { hasCode } from './durable-file.ts';
import { filePieces } from './file-pieces.ts';
import { layout } from './layout.ts';
import { walkFiles } from './payload.ts';
import { tarFiles } from './tar-tree.ts';
import { isStorageUrl } from './storage/storage-url.ts';
import type { Tree, TreeFile } from './tree.ts';
import { zipFiles } from './zip-tree.ts';

const newPiece = (): Buffer => Buffer.allocUnsafeSlow(64 * 1024);
/** A tar is known by its first header block. */
const magicSize = 512;

export interface OpenOptions {
  /** Private keys that may open an encrypted archive. */
  readonly identities?: readonly Identity[] | undefined;
  /** Opens what is no path: `s3://…`. */
  readonly openStorage?: ((text: string) => Promise<ByteSource>) | undefined;
}

/**
 * A directory, a tar (as it is, or compressed by gzip or zstd), a zip, or one of these archives encrypted with age, as a
 * tree of files; which one it is is told by its first bytes. Nothing is unpacked onto disk. Throws OperationError when it
 * is none of them, or is encrypted to others.
 */
export async function openTree(place: string, options: OpenOptions = {}): Promise<Tree> {
  if (isStorageUrl(place) && options.openStorage !== undefined)
    return openArchive(await options.openStorage(place), options);
  const path = resolve(place);
  const facts = await stat(path).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new OperationError(`there is no ${path}`, { advice: 'give a case directory or an archive of one' });
  });
  if (facts.isDirectory())
    return {
      path,
      type: 'directory',
      files: () => directoryFiles(path),
      steering: () => directoryFiles(path, isSteering),
    };
  return openArchive(await openFileSource(path), options);
}

/** An archive as a tree of files, wherever its bytes come from. */
async function openArchive(source: ByteSource, { identities = [] }: OpenOptions): Promise<Tree> {
  const start = await firstBytes(source, magicSize);
  if (start.toString('latin1').startsWith(ageMagic))
    return openPlain(await openEncrypted(source, identities));
  if (start.toString('latin1').startsWith('-----BEGIN AGE ENCRYPTED FILE-----'))
    throw new OperationError(`${source.name} is armored`, {
      advice: 'open it first: age -d, or read it as it came, in binary',
    });
  return openPlain(source, start);
}

async function openPlain(source: ByteSource, first?: Buffer): Promise<Tree> {
  const start = first ?? (await firstBytes(source, magicSize));
  const tree = (files: Tree['files']): Tree => ({ path: source.name, type: 'archive', files });
  const tar = (compression: Compression): Tree => tree(() => tarFiles(decompress(source, compression)));
  if (start.toString('latin1', 0, 2) === 'PK') return tree(() => zipFiles(source));
  if (start.toString('hex', 0, 2) === '1f8b') return tar('gzip');
  if (/^(28b52ffd|5.2a4d18)/.test(start.toString('hex', 0, 4))) return tar('zstd');
  if (start.toString('latin1', 257, 262) === 'ustar') return tar('none');
  throw new OperationError(`${source.name} is no archive that can be read here`, {
    advice: 'give a case directory, or an archive as tar, tar.gz, tar.zst or zip',
  });
}

async function* directoryFiles(root: string, wanted?: (path: string) => boolean): AsyncGenerator<TreeFile> {
  for await (const { path, ...kind } of walkFiles(root, '', wanted))
    yield { path, ...kind, content: () => filePieces(join(root, path), newPiece) };
}

/** Everything outside of the payload, and the record of the case in it. */
function isSteering(path: string): boolean {
  return path === 'data' || path === layout.caseRecord || !path.startsWith('data/');
}
