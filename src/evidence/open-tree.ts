import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../output/errors.ts';
import { hasCode } from './durable-file.ts';
import { walkFiles } from './payload.ts';
import { tarFiles } from './tar-tree.ts';
import type { Tree, TreeFile } from './tree.ts';
import { zipFiles } from './zip-tree.ts';

const readSize = 1024 * 1024;

/**
 * A directory, a tar, a gzip-compressed tar or a zip as a tree of files; which one it is is told by its first bytes.
 * Throws OperationError when it is none of them.
 */
export async function openTree(path: string): Promise<Tree> {
  const facts = await stat(path).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new OperationError(`there is no ${path}`, { advice: 'give a case directory or an archive of one' });
  });
  if (facts.isDirectory()) return { path, type: 'directory', files: () => directoryFiles(path) };
  const magic = await firstBytes(path);
  const type = 'archive';
  if (magic.subarray(0, 2).toString('hex') === '1f8b')
    return { path, type, files: () => tarFiles(path, true) };
  if (magic.toString('latin1', 0, 2) === 'PK') return { path, type, files: () => zipFiles(path) };
  if (magic.toString('latin1', 257, 262) === 'ustar')
    return { path, type, files: () => tarFiles(path, false) };
  throw new OperationError(`${path} is no archive that can be read here`, {
    advice: 'give a case directory, or an archive as tar, tar.gz or zip',
  });
}

async function* directoryFiles(root: string): AsyncGenerator<TreeFile> {
  for await (const { path, kind } of walkFiles(root))
    yield { path, kind, content: () => createReadStream(join(root, path), { highWaterMark: readSize }) };
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(512);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
