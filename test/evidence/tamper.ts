import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CustodyLine, encodeCustodyLine } from '../../src/evidence/custody-line.ts';
import { formatManifest } from '../../src/evidence/manifest.ts';
import { statementText } from '../../src/evidence/signature/statement.ts';

/** A case as its files by path. */
export type Files = ReadonlyMap<string, Buffer>;

/** Custody in the payload and beside the seal. */
export const custodyFile = 'data/custody.jsonl';
export const afterFile = 'custody-after-seal.jsonl';

export async function readFiles(dir: string): Promise<Files> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1));
  return new Map(
    await Promise.all(paths.sort().map(async (path) => [path, await readFile(join(dir, path))] as const)),
  );
}

/** Lays the files down in a directory of their own while `work` runs. */
export async function withFiles<T>(dir: string, files: Files, work: () => Promise<T>): Promise<T> {
  try {
    for (const parent of new Set([...files.keys()].map((path) => dirname(join(dir, path)))))
      await mkdir(parent, { recursive: true });
    await Promise.all([...files].map(([path, content]) => writeFile(join(dir, path), content)));
    return await work();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Lines of a custody file. */
export function linesOf(files: Files, file: string): string[] {
  return (files.get(file)?.toString('utf8') ?? '').split('\n').slice(0, -1);
}

export function withLines(files: Files, file: string, lines: readonly string[]): Files {
  return new Map([...files, [file, Buffer.from(lines.map((line) => `${line}\n`).join(''))]]);
}

/** Numbers, links and sums of a chain made anew, as one does who wants a change in it not to show. */
export function rebuildChain(files: Files): Files {
  let prev = '0'.repeat(64);
  const rebuilt = linesOf(files, custodyFile).map((text, at) => {
    const line = JSON.parse(text) as CustodyLine;
    const encoded = encodeCustodyLine({ ...line, seq: at + 1, prev });
    prev = sha('sha256', encoded);
    return encoded;
  });
  return withLines(files, custodyFile, rebuilt);
}

/** Manifests, sums and the named head of custody made anew; only a signature can't be. */
export function rebuildBag(files: Files): Files {
  const payload = [...files].filter(([path]) => path.startsWith('data/'));
  const bytes = payload.reduce((sum, [, content]) => sum + content.length, 0);
  const head = sha('sha256', linesOf(files, custodyFile).at(-1) ?? '');
  const bagInfo = (files.get('bag-info.txt')?.toString('utf8') ?? '')
    .replace(/^(Kubectl-Ir-Custody-Head: ).*$/m, `$1${head}`)
    .replace(/^(Payload-Oxum: ).*$/m, `$1${bytes}.${payload.length}`);
  const rebuilt = new Map<string, Buffer>([...files, ['bag-info.txt', Buffer.from(bagInfo)]]);
  const list = (algorithm: string, paths: readonly string[]): Buffer =>
    Buffer.from(
      formatManifest(new Map(paths.map((path) => [path, sha(algorithm, rebuilt.get(path) ?? '')]))),
    );
  const algorithms = ['sha256', 'sha512'];
  for (const algorithm of algorithms)
    rebuilt.set(
      `manifest-${algorithm}.txt`,
      list(
        algorithm,
        payload.map(([path]) => path),
      ),
    );
  const tags = ['bagit.txt', 'bag-info.txt', ...algorithms.map((algorithm) => `manifest-${algorithm}.txt`)];
  for (const algorithm of algorithms) rebuilt.set(`tagmanifest-${algorithm}.txt`, list(algorithm, tags));
  return rebuilt;
}

/** The statement that somebody would have to sign for such a bag. */
export function rebuildStatement(files: Files): Files {
  const head = /^Kubectl-Ir-Custody-Head: (.*)$/m.exec(
    files.get('bag-info.txt')?.toString('utf8') ?? '',
  )?.[1];
  const record = JSON.parse(files.get('data/case.json')?.toString('utf8') ?? '{}') as { name?: string };
  const tagManifests = new Map([...files].filter(([path]) => path.startsWith('tagmanifest-')));
  const text = statementText({ name: record.name, custodyHead: head, tagManifests });
  return new Map([...files, ['signature/statement.txt', Buffer.from(text)]]);
}

function sha(algorithm: string, content: string | Buffer): string {
  return createHash(algorithm).update(content).digest('hex');
}
