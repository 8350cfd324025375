import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ItemHeader } from '../../src/artifacts/item.ts';
import type { ByteSource } from '../../src/evidence/byte-source.ts';

/** Runs `work` with a directory of its own that is removed afterwards. */
export async function inSandbox<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'ir-evidence-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const execute = promisify(execFile);

/** Standard output of a program of the machine; rejects when it fails. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await execute(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** All bytes of a stream. */
export async function bytesOf(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes as a stream of pieces of one size. */
export async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Bytes as a source that is read in small pieces. */
export function memorySource(bytes: Buffer): ByteSource {
  return {
    name: 'memory',
    size: bytes.length,
    read: (start = 0, end = bytes.length) => piecesOf(bytes.subarray(start, end), 10_000),
  };
}

/** The header of a file as a collector sends it. */
export function fileHeader(name: string | Buffer, more: Partial<ItemHeader> = {}): ItemHeader {
  return { sequence: 1, artifact: 'configuration', name: Buffer.from(name), type: 'file', ...more };
}
