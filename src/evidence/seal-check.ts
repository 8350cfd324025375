import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { statedHead } from './case-bag-check.ts';
import { nameInRecord } from './case-record.ts';
import { hasCode } from './durable-file.ts';
import { layout, tagFiles } from './layout.ts';
import { formatManifest, manifestKind, parseManifest } from './manifest.ts';
import { checkSignatures } from './signature/signature-check.ts';
import { Problems } from './verification.ts';

/**
 * The first file that seals or signs a case and is not as it was sealed or signed; undefined when all are. `signatures` are paths in
 * the case. The payload is not looked at, but for the name in case.json.
 */
export async function changedInSeal(dir: string, signatures: readonly string[]): Promise<string | undefined> {
  const read = (path: string): Promise<Buffer> => readFile(join(dir, path));
  for (const name of tagFiles) if (!(await isFile(join(dir, name)))) return name;
  const tagManifests = new Map<string, Buffer>();
  for (const name of tagFiles) {
    const kind = manifestKind(name);
    if (kind?.of !== 'tags' || kind.algorithm === undefined) continue;
    const bytes = await read(name);
    tagManifests.set(name, bytes);
    const changed = await changedIn(name, bytes.toString(), kind.algorithm, read);
    if (changed !== undefined) return changed;
  }
  const signed = new Map<string, Buffer>();
  for (const path of signatures) signed.set(path, await read(path));
  const name = nameInRecord((await read(layout.caseRecord)).toString());
  const custodyHead = statedHead(new Map([['bag-info.txt', await read('bag-info.txt')]]));
  const problems = new Problems();
  checkSignatures(signed, { name, custodyHead, tagManifests }, undefined, problems);
  return problems.kept[0]?.where;
}

/** The first file that is not what a tag manifest says, or the manifest itself when it is not as `seal` writes it. */
async function changedIn(
  manifest: string,
  text: string,
  algorithm: string,
  read: (path: string) => Promise<Buffer>,
): Promise<string | undefined> {
  const { digests } = parseManifest(text, '');
  const found = new Map<string, string>();
  for (const name of tagFiles.filter((file) => manifestKind(file)?.of !== 'tags'))
    found.set(
      name,
      createHash(algorithm)
        .update(await read(name))
        .digest('hex'),
    );
  for (const [name, digest] of found) if (digests.has(name) && digests.get(name) !== digest) return name;
  return text === formatManifest(found) ? undefined : manifest;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return false;
  }
}
