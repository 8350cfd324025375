import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BagCheck } from './bag-check.ts';
import { checkCaseBag, statedHead } from './case-bag-check.ts';
import { nameInRecord } from './case-record.ts';
import { hasCode } from './durable-file.ts';
import { layout, tagFiles } from './layout.ts';
import { checkSignatures } from './signature/signature-check.ts';
import { Problems } from './verification.ts';

/**
 * The first file that seals or signs a case and is not as it was sealed or signed; undefined when all are. `signatures` are paths in
 * the case. The payload is not looked at, but for the name in case.json.
 */
export async function changedInSeal(dir: string, signatures: readonly string[]): Promise<string | undefined> {
  const read = (path: string): Promise<Buffer> => readFile(join(dir, path));
  for (const name of tagFiles) if (!(await isFile(join(dir, name)))) return name;
  const texts = new Map<string, Buffer>();
  for (const path of [...tagFiles, layout.caseRecord]) texts.set(path, await read(path));
  const signed = new Map<string, Buffer>();
  for (const path of signatures) signed.set(path, await read(path));
  const problems = new Problems();
  const bag = new BagCheck(texts, problems);
  checkCaseBag(bag, texts, problems);
  for (const name of tagFiles) {
    const bytes = texts.get(name) ?? Buffer.alloc(0);
    const digests = bag
      .algorithms(name)
      .map((algorithm) => [algorithm, createHash(algorithm).update(bytes).digest('hex')] as const);
    bag.visited(name, bytes.length, new Map(digests));
  }
  const name = nameInRecord(texts.get(layout.caseRecord)?.toString() ?? '');
  const tagManifests = new Map([...texts].filter(([path]) => path.startsWith('tagmanifest-')));
  checkSignatures(signed, { name, custodyHead: statedHead(texts), tagManifests }, undefined, problems);
  return problems.kept[0]?.where;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return false;
  }
}
