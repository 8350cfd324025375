import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Bytes that can be read again and again, in whole or in part: a file, an object in storage, the content of an encrypted one. */
export interface ByteSource {
  /** What it is called, for messages. */
  readonly name: string;
  readonly size: number;
  /** The bytes from `start` up to `end`, which is left out; by default all. */
  read(start?: number, end?: number): AsyncIterable<Buffer>;
}

const readSize = 1024 * 1024;

/** A file as a source. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  return {
    name: path,
    size,
    read: (start = 0, end = size) => (start >= end ? nothing() : fileBytes(path, start, end)),
  };
}

/** Up to `length` bytes from the beginning. */
export async function firstBytes(source: ByteSource, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.read(0, Math.min(length, source.size))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* fileBytes(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { start, end: end - 1, highWaterMark: readSize }))
    yield chunk as Buffer;
}

async function* nothing(): AsyncGenerator<Buffer> {
  // A stream of Node cannot be asked for no bytes.
}
