import { pipeline, Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { plainTar } from './plain-tar.ts';
import type { TreeFile } from './tree.ts';

/** As tar-stream gives it; the type is null for a flag that it does not know. */
interface TarHeader extends Pick<Header, 'name'> {
  readonly type?: string | null;
  readonly pax?: Readonly<Record<string, string>> | null;
}

/** What a member is that is neither file nor directory, by its type flag (POSIX pax, "ustar Interchange Format"). */
const kinds: Readonly<Partial<Record<string, string>>> = {
  link: 'a hard link',
  symlink: 'a symbolic link',
  'character-device': 'a device',
  'block-device': 'a device',
  fifo: 'a named pipe',
};

/** The files of a tar in their order. Throws what the reader says when it is damaged or cut. */
export async function* tarFiles(tar: AsyncIterable<Buffer>): AsyncGenerator<TreeFile> {
  const source = Readable.from(plainTar(tar));
  const unpack = extract();
  pipeline(source, unpack as unknown as NodeJS.WritableStream, (error) => {
    if (error) unpack.destroy(error);
  });
  try {
    for await (const entry of unpack as unknown as AsyncIterable<
      AsyncIterable<Buffer> & { readonly header: TarHeader; resume(): void }
    >) {
      const { name, type } = entry.header;
      if (type !== 'directory')
        yield { path: name.replace(/^(\.\/)+/, ''), ...kindOf(entry.header), content: () => entry };
      entry.resume();
    }
  } finally {
    source.destroy();
  }
}

/** GNU tar marks sparse files by a type of their own, or by attributes of a file (its manual, "PAX 0" and "PAX 1"). */
function kindOf({ type, pax }: TarHeader): Pick<TreeFile, 'kind' | 'what'> {
  if (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.')))
    return { kind: 'other', what: 'a sparse file' };
  if (type === 'file') return { kind: 'file' };
  return { kind: 'other', what: kinds[type ?? ''] ?? 'of a type that no bag may hold' };
}
