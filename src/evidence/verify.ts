import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { OperationError } from '../output/errors.ts';
import { BagCheck } from './bag-check.ts';
import { belongsToCase, checkCaseBag, statedHead } from './case-bag-check.ts';
import { CaseCheck } from './case-check.ts';
import { parseCaseRecord } from './case-record.ts';
import { layout } from './layout.ts';
import { openTree } from './open-tree.ts';
import { placeInBag, surveyTree, type Survey } from './survey.ts';
import type { Tree } from './tree.ts';
import { Problems, type Check, type Verdict, type Verification } from './verification.ts';

/**
 * Verifies a case, a bag made by anyone, or an archive of either, as deep as it can: manifests, custody chain, and
 * every acquisition's tar against its index. Reads only; an archive is never unpacked. What is wrong is in the answer.
 * Throws OperationError when there is nothing at `path` that can be verified.
 */
export async function verifyPath(path: string, signal?: AbortSignal): Promise<Verification> {
  const tree = await openTree(resolve(path));
  const spool = tree.type === 'archive' ? await mkdtemp(join(tmpdir(), 'kubectl-ir-')) : undefined;
  try {
    return await verifyTree(tree, path, spool, signal);
  } finally {
    if (spool !== undefined) await rm(spool, { recursive: true, force: true });
  }
}

async function verifyTree(
  tree: Tree,
  path: string,
  spool: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Verification> {
  const problems = new Problems();
  const checks: Check[] = [];
  const survey = await readable(problems, signal, () => surveyTree(tree));
  if (survey === undefined && problems.count === 0)
    throw new OperationError(`${path} is neither a case nor a bag`, {
      advice: 'give a case directory, or an archive or bag that has bagit.txt at its top',
    });
  const texts = survey?.texts ?? new Map<string, Buffer>();
  const isCase = texts.has(layout.caseRecord);
  const sealed = texts.has('bagit.txt');
  const bag = sealed ? new BagCheck(texts, problems) : undefined;
  const caseCheck = isCase ? new CaseCheck(problems, tree.path, spool) : undefined;
  if (bag !== undefined && caseCheck !== undefined) checkCaseBag(bag, texts, problems);
  if (survey !== undefined) {
    await readable(problems, signal, () => visit(tree, survey, { bag, caseCheck, problems, signal }));
    if (caseCheck?.again === true && problems.count === 0)
      await readable(problems, signal, () =>
        visit(tree, survey, { bag: undefined, caseCheck, problems: new Problems(), signal }),
      );
  }
  checks.push(bag?.finish() ?? { check: 'bag', result: 'absent', detail: 'the case is not sealed' });
  if (caseCheck !== undefined) {
    await caseCheck.checkAfterSeal(texts.get(layout.custodyAfterSeal) ?? Buffer.alloc(0));
    checks.push(...caseCheck.finish());
    if (sealed) checkSealLine(caseCheck, texts, problems);
  }
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Verification',
    path,
    type: isCase ? 'case' : 'bag',
    name: nameOf(texts, path),
    verdict: verdictOf(problems, sealed),
    checks,
    problems: problems.kept,
    problemCount: problems.count,
  };
}

function verdictOf(problems: Problems, sealed: boolean): Verdict {
  if (problems.count > 0) return 'BROKEN';
  return sealed ? 'CONSISTENT' : 'UNSEALED';
}

/** An archive that is damaged in its own structure is broken like one whose files are: that is an answer, no failure. */
async function readable<T>(
  problems: Problems,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    const isDamage = error instanceof Error && !(error instanceof OperationError) && !('syscall' in error);
    if (!isDamage) throw error;
    problems.add('archive', `cannot be read on: ${error.message}`);
    return undefined;
  }
}

interface Visitors {
  readonly bag: BagCheck | undefined;
  readonly caseCheck: CaseCheck | undefined;
  readonly problems: Problems;
  readonly signal: AbortSignal | undefined;
}

/** Reads every file once: hashed for the bag, and looked at by the case on the way. */
async function visit(
  tree: Tree,
  survey: Survey,
  { bag, caseCheck, problems, signal }: Visitors,
): Promise<void> {
  const seen = new Set<string>();
  for await (const file of tree.files()) {
    signal?.throwIfAborted();
    const path = placeInBag(file.path, survey, seen, problems);
    if (path === undefined) continue;
    if (file.kind === 'other') {
      problems.add(path, 'is no plain file');
      continue;
    }
    if (caseCheck !== undefined && !belongsToCase(path))
      problems.add(path, 'is extra: it belongs to no case');
    const hashes = new Map(
      (bag?.algorithms(path) ?? []).map((algorithm) => [algorithm, createHash(algorithm)]),
    );
    let size = 0;
    const content = shared(file.content(), (chunk) => {
      signal?.throwIfAborted();
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

/** A sealed payload ends with the seal, and bag-info.txt names that line. */
function checkSealLine(caseCheck: CaseCheck, texts: ReadonlyMap<string, Buffer>, problems: Problems): void {
  if (caseCheck.head === undefined) return;
  if (caseCheck.head.action !== 'seal') problems.add(layout.custody, 'does not end with the seal');
  if (statedHead(texts) !== caseCheck.head.digest)
    problems.add('bag-info.txt', 'names another end of custody');
}

function nameOf(texts: ReadonlyMap<string, Buffer>, path: string): string {
  const record = texts.get(layout.caseRecord);
  if (record === undefined) return basename(resolve(path));
  try {
    return parseCaseRecord(record.toString('utf8'), path).name;
  } catch {
    return basename(resolve(path));
  }
}
