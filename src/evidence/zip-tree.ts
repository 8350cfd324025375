import type { Readable } from 'node:stream';
import { open, type Entry, type ZipFile } from 'yauzl';
import type { TreeFile } from './tree.ts';

/** Unix file types in the upper half of the external attributes (APPNOTE.TXT 4.4.15; host system 3 is Unix). */
const typeMask = 0o170000;
const regular = 0o100000;

/** The files of a zip in the order of its directory. Throws what the reader says when it is damaged or a name is unsafe. */
export async function* zipFiles(path: string): AsyncGenerator<TreeFile> {
  const zip = await openZip(path);
  try {
    for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
      const current = entry;
      if (entry.fileName.endsWith('/')) continue;
      yield { path: entry.fileName, kind: kindOf(entry), content: () => readEntry(zip, current) };
    }
  } finally {
    zip.close();
  }
}

function kindOf(entry: Entry): TreeFile['kind'] {
  const type = (entry.externalFileAttributes >>> 16) & typeMask;
  return type === 0 || type === regular ? 'file' : 'other';
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      zip.removeAllListeners();
      act();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(undefined)));
    zip.once('error', (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  for await (const chunk of stream) yield chunk as Buffer;
}
