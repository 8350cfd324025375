import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import type { TreeFile } from './tree.ts';

const readSize = 1024 * 1024;

/** The files of a tar in their order. Throws what the reader says when it is damaged or cut. */
export async function* tarFiles(path: string, gzip: boolean): AsyncGenerator<TreeFile> {
  const file = createReadStream(path, { highWaterMark: readSize });
  const unpack = extract();
  const done = (error: Error | null | undefined): void => {
    if (error) unpack.destroy(error);
  };
  const sink = unpack as unknown as NodeJS.WritableStream;
  if (gzip) pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), sink, done);
  else pipeline(file, sink, done);
  try {
    for await (const entry of unpack as AsyncIterable<
      AsyncIterable<Buffer> & { readonly header: Header; resume(): void }
    >) {
      const { name, type } = entry.header;
      if (type !== 'directory')
        yield {
          path: name.replace(/^(\.\/)+/, ''),
          kind: type === 'file' ? 'file' : 'other',
          content: () => entry,
        };
      entry.resume();
    }
  } finally {
    file.destroy();
  }
}
