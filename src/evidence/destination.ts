import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { Writable } from 'node:stream';
import { writeChunk } from '../output/io.ts';
import { refuseFile, writeArchiveFile } from './archive-file.ts';
import type { Digested } from './digested.ts';

/** What an archive will be, as far as it is known before it is made. */
export interface ArchiveIdentity {
  /** The case on disk. */
  readonly dir: string;
  /** Same text, same bytes in the archive, when the same seed encrypts it. */
  readonly content: string;
  /** Bytes that will not be exceeded. */
  readonly most: number;
}

/** Where an archive goes. */
export interface Destination {
  /** As people and custody name it. */
  readonly name: string;
  /** True when it has copied a piece of the archive before it asks for the next. */
  readonly copies: boolean;
  /** Throws UsageError or OperationError when an archive of the case in `dir` cannot go there; nothing is done yet. */
  check(dir: string): Promise<void>;
  /** Makes ready. The answer are 32 secret bytes to encrypt with: the same again when an archive that was cut off goes on. */
  begin(archive: ArchiveIdentity): Promise<Buffer>;
  /**
   * Takes the bytes; when it resolves the archive is there, whole. `digested` counts them. The answer are facts for
   * custody.
   */
  write(
    bytes: AsyncIterable<Buffer>,
    archive: ArchiveIdentity,
    digested: Digested,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Gives back what it holds, done or not. */
  close(): Promise<void>;
}

/** A new file. */
export function fileDestination(path: string): Destination {
  return {
    name: path,
    copies: false,
    check: (dir) => refuseFile(path, dir),
    begin: newSeed,
    write: async (bytes) => {
      await writeArchiveFile(path, bytes);
      return { file: basename(path) };
    },
    close: () => Promise.resolve(),
  };
}

/** A stream of this process, such as standard output. It is not ended. */
export function streamDestination(stream: Writable): Destination {
  return {
    name: '-',
    copies: false,
    check: () => Promise.resolve(),
    begin: newSeed,
    write: async (bytes) => {
      for await (const chunk of bytes) await writeChunk(stream, chunk);
      return {};
    },
    close: () => Promise.resolve(),
  };
}

function newSeed(): Promise<Buffer> {
  return Promise.resolve(randomBytes(32));
}
