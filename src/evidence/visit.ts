import { createHash } from 'node:crypto';
import type { BagCheck } from './bag-check.ts';
import { belongsToCase } from './case-bag-check.ts';
import type { CaseCheck } from './case-check.ts';
import { hashFiles } from './hash-files.ts';
import { BagPlaces, type Survey } from './survey.ts';
import type { Tree, TreeFile } from './tree.ts';
import type { Problems } from './verification.ts';

/** Who looks at the files of a bag while they are visited. */
export interface Visitors {
  readonly bag: BagCheck | undefined;
  readonly caseCheck: CaseCheck | undefined;
  readonly problems: Problems;
  readonly signal: AbortSignal | undefined;
}

/** Shows every file to the bag, hashed, and to the case. */
export function visitFiles(tree: Tree, survey: Survey, visitors: Visitors): Promise<void> {
  return tree.type === 'directory'
    ? visitDirectory(tree, survey, visitors)
    : visitArchive(tree, survey, visitors);
}

/** The files of a tree that have a place in the bag; what has none, or is no file, is told. */
async function* placedFiles(
  tree: Tree,
  survey: Survey,
  { caseCheck, problems, signal }: Visitors,
): AsyncGenerator<{ readonly path: string; readonly file: TreeFile }> {
  const places = new BagPlaces(survey, tree.type, problems);
  for await (const file of tree.files()) {
    signal?.throwIfAborted();
    if (file.kind === 'directory') {
      places.directory(file.path);
      continue;
    }
    const path = places.file(file.path);
    if (path === undefined) continue;
    if (file.kind === 'other') {
      problems.add(path, `is ${file.what ?? 'no plain file'}`);
      continue;
    }
    if (caseCheck !== undefined && !belongsToCase(path))
      problems.add(path, 'is extra: it belongs to no case');
    yield { path, file };
  }
}

/** An archive is read once, in its order: hashed, and looked at by the case on the way. */
async function visitArchive(tree: Tree, survey: Survey, visitors: Visitors): Promise<void> {
  const { bag, caseCheck } = visitors;
  for await (const { path, file } of placedFiles(tree, survey, visitors)) {
    const hashes = new Map(
      (bag?.algorithms(path) ?? []).map((algorithm) => [algorithm, createHash(algorithm)]),
    );
    let size = 0;
    const content = shared(file.content(), (chunk) => {
      size += chunk.length;
      for (const hash of hashes.values()) hash.update(chunk);
    });
    await caseCheck?.look(path, content.rest);
    await content.drain();
    bag?.visited(
      path,
      size,
      new Map([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest('hex')])),
    );
  }
}

/** In a directory, workers hash the files while the case looks at its own. */
async function visitDirectory(tree: Tree, survey: Survey, visitors: Visitors): Promise<void> {
  const { bag, caseCheck, problems, signal } = visitors;
  let looking = Promise.resolve();
  const paths = async function* (): AsyncGenerator<string> {
    for await (const { path, file } of placedFiles(tree, survey, visitors)) {
      if (caseCheck?.wants(path) === true) {
        looking = looking.then(() => caseCheck.look(path, file.content()));
        // It is awaited at the end; until then a rejection is nobody's.
        looking.catch(() => undefined);
      }
      if (bag !== undefined) yield path;
    }
  };
  const algorithmsOf = (path: string): readonly string[] => bag?.algorithms(path) ?? [];
  await hashFiles({ root: tree.path, paths: paths(), algorithmsOf, signal }, (path, file) => {
    if (file.kind === 'file') bag?.visited(path, file.size, file.digests);
    else problems.add(path, 'is no plain file');
  });
  await looking;
}

/** A stream that one reader may leave early, and that is then read to its end. */
function shared(
  source: AsyncIterable<Buffer>,
  show: (chunk: Buffer) => void,
): { readonly rest: AsyncIterable<Buffer>; drain(): Promise<void> } {
  const iterator = source[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<Buffer, undefined>> => {
    const result = await iterator.next();
    if (result.done === true) return { done: true, value: undefined };
    show(result.value);
    return result;
  };
  const drain = async (): Promise<void> => {
    while ((await next()).done !== true);
  };
  return { rest: { [Symbol.asyncIterator]: () => ({ next }) }, drain };
}
