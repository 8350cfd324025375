import type { BagCheck } from './bag-check.ts';
import { layout, tagFiles } from './layout.ts';
import { formatManifest } from './manifest.ts';
import type { Problems } from './verification.ts';

/** Tag files that the tag manifests of a case list. */
const listed = tagFiles.filter((name) => !name.startsWith('tagmanifest-'));

/**
 * What a bag of a case must be beyond what any bag must: it has exactly the tag files that `seal` writes, each byte as
 * `seal` writes it, so that no byte of the bag can change unseen, not even in the tag manifests that nothing covers.
 */
export function checkCaseBag(bag: BagCheck, texts: ReadonlyMap<string, Buffer>, problems: Problems): void {
  for (const name of tagFiles) if (!texts.has(name)) problems.add(name, 'is missing');
  for (const { file, of, digests, text } of bag.manifests) {
    if (text !== formatManifest(digests) || text !== texts.get(file)?.toString('utf8'))
      problems.add(file, 'is changed: it is not as seal writes it');
    if (of === 'tags' && [...digests.keys()].sort().join(' ') !== [...listed].sort().join(' '))
      problems.add(file, `is changed: it does not list ${listed.join(', ')}`);
  }
}

/** The lock of a case that is being written, and what stands beside it while it is taken. */
const lockName = /^\.lock(?:\.[0-9a-f]{16}(?:\.next)?)?$/;

/** True for a file outside of the payload that belongs to a case: tag files, acts after the seal, lock, signatures. */
export function belongsToCase(path: string): boolean {
  return (
    path.startsWith('data/') ||
    path.startsWith('signature/') ||
    lockName.test(path) ||
    path === layout.custodyAfterSeal ||
    tagFiles.some((name) => name === path)
  );
}

/** The custody head that bag-info.txt names; undefined when it names none. */
export function statedHead(texts: ReadonlyMap<string, Buffer>): string | undefined {
  return /^Kubectl-Ir-Custody-Head: ([0-9a-f]{64})$/m.exec(
    texts.get('bag-info.txt')?.toString('utf8') ?? '',
  )?.[1];
}
