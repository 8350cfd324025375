import { lstat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { OperationError } from '../output/errors.ts';
import { BagCheck } from './bag-check.ts';
import { checkCaseBag, statedHead } from './case-bag-check.ts';
import { CaseCheck } from './case-check.ts';
import { caseFormat, nameInRecord, newerFormat } from './case-record.ts';
import { layout, signaturePlace, tagFiles } from './layout.ts';
import { LongLineError } from './lines.ts';
import { manifestKind } from './manifest.ts';
import { openTree, type OpenOptions } from './open-tree.ts';
import { checkSignatures, type Judging } from './signature/signature-check.ts';
import { isStatement, type Sealed, statementFile } from './signature/statement.ts';
import { surveyTree } from './survey.ts';
import { visitFiles } from './visit.ts';
import type { Tree, TreeFile } from './tree.ts';
import {
  Problems,
  type Check,
  type CheckedSignature,
  type Verdict,
  type Verification,
} from './verification.ts';

/** Files beside the payload that are there with a seal alone; `seal` writes bagit.txt before them. */
const sealFiles: readonly string[] = [...tagFiles, layout.custodyAfterSeal];

export interface VerifyOptions extends OpenOptions {
  /** Signers that are known, and the time at which their keys must be valid. */
  readonly judging?: Judging | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Verifies a case, a bag made by anyone, or an archive of either, as deep as it can: manifests, custody chain, and
 * every acquisition's tar against its index. Reads only; an archive is never unpacked. What is wrong is in the answer.
 * Throws OperationError when there is nothing at `path` that can be verified.
 */
export async function verifyPath(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const problems = new Problems();
  // An encrypted archive may be damaged where its format would be told.
  const tree = await readable(problems, options.signal, () => openTree(path, options));
  return verifyTree(tree ?? { path, type: 'archive', files: nothing }, path, problems, options);
}

async function verifyTree(
  tree: Tree,
  path: string,
  problems: Problems,
  { judging, signal }: VerifyOptions,
): Promise<Verification> {
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
  const newer = newerFormat(texts.get(layout.caseRecord)?.toString('utf8') ?? '');
  const caseDir = tree.type === 'directory' ? tree.path : undefined;
  // Without a seal only the chain of custody could tell that this word of case.json was changed.
  const asCase = isCase && (newer === undefined || !sealed);
  const caseCheck = asCase ? new CaseCheck(problems, caseDir) : undefined;
  if (bag !== undefined && caseCheck !== undefined) checkCaseBag(bag, texts, problems);
  if (survey !== undefined) {
    await readable(problems, signal, () => visitFiles(tree, survey, { bag, caseCheck, problems, signal }));
    if (caseCheck?.again === true && problems.count === 0)
      await readable(problems, signal, () =>
        visitFiles(tree, survey, { bag: undefined, caseCheck, problems: new Problems(), signal }),
      );
  }
  if (bag !== undefined && tree.type === 'directory' && !(await isDirectory(join(tree.path, 'data'))))
    problems.add('data', 'is missing: it is where the payload of a bag lies');
  checks.push(bag?.finish() ?? { check: 'bag', result: 'absent', detail: 'the case is not sealed' });
  if (caseCheck !== undefined) {
    const acts = texts.get(layout.custodyAfterSeal) ?? Buffer.alloc(0);
    const checking = (): Promise<Check | undefined> => caseCheck.checkAfterSeal(acts);
    const afterwards = await readable(problems, signal, checking, layout.custodyAfterSeal);
    checks.push(...caseCheck.finish());
    if (afterwards !== undefined) checks.push(afterwards);
    if (sealed) checkSealLine(caseCheck, texts, problems);
    else if (caseCheck.head?.action === 'seal' && sealFiles.some((name) => texts.has(name)))
      problems.add('bagit.txt', 'is missing: custody ends with a seal, and a part of it is there');
  }
  if (newer !== undefined) checks.push(newerCase(newer, asCase));
  const name = caseName(texts);
  const signed = checkSignatures(signatureTexts(texts, isCase), sealOf(texts, name), judging, problems);
  if (sealed) checks.push(...signed.checks);
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Verification',
    path,
    type: isCase ? 'case' : 'bag',
    name: name ?? basename(resolve(path)),
    verdict: verdictOf(problems, sealed, signed.signatures),
    checks,
    signatures: signed.signatures,
    problems: problems.kept,
    problemCount: problems.count,
  };
}

function verdictOf(problems: Problems, sealed: boolean, signatures: readonly CheckedSignature[]): Verdict {
  if (problems.count > 0) return 'BROKEN';
  if (!sealed) return 'UNSEALED';
  return signatures.some(({ standing }) => standing === 'known') ? 'AUTHENTIC' : 'CONSISTENT';
}

async function isDirectory(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}

function newerCase(format: number, asCase: boolean): Check {
  const how = asCase ? 'as if it were of the known one' : 'as a bag only';
  const detail = `written by a newer kubectl ir (format ${format}, known here: ${caseFormat}); checked ${how}`;
  return { check: 'case', result: 'absent', detail };
}

/** What lies in `signature/`; in a bag of others only when it is ours. */
function signatureTexts(texts: ReadonlyMap<string, Buffer>, isCase: boolean): ReadonlyMap<string, Buffer> {
  if (!isCase && !isStatement(texts.get(statementFile) ?? Buffer.alloc(0))) return new Map();
  return new Map([...texts].filter(([path]) => path.startsWith(`${signaturePlace}/`)));
}

/** What a signature of this bag would have signed. */
function sealOf(texts: ReadonlyMap<string, Buffer>, name: string | undefined): Sealed {
  const tagManifests = new Map([...texts].filter(([path]) => manifestKind(path)?.of === 'tags'));
  return { name, custodyHead: statedHead(texts), tagManifests };
}

/** An archive that is damaged in its own structure is broken like one whose files are: that is an answer, no failure. */
async function readable<T>(
  problems: Problems,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  where = 'archive',
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    if (!isDamage(error)) throw error;
    problems.add(where, `cannot be read on: ${error.message}`);
    return undefined;
  }
}

async function* nothing(): AsyncGenerator<TreeFile> {
  // Of an archive that cannot be opened no file is known.
}

/** A sealed payload ends with the seal, and bag-info.txt names that line. */
function checkSealLine(caseCheck: CaseCheck, texts: ReadonlyMap<string, Buffer>, problems: Problems): void {
  if (caseCheck.head === undefined) return;
  if (caseCheck.head.action !== 'seal') problems.add(layout.custody, 'does not end with the seal');
  if (statedHead(texts) !== caseCheck.head.digest)
    problems.add('bag-info.txt', 'names another end of custody');
}

/** The name that case.json gives, also one that a newer program wrote. */
function caseName(texts: ReadonlyMap<string, Buffer>): string | undefined {
  const text = texts.get(layout.caseRecord)?.toString('utf8');
  return text === undefined ? undefined : nameInRecord(text);
}

/** True for what is said of the bytes, and not of where they come from. */
function isDamage(error: unknown): error is Error {
  if (error instanceof LongLineError) return true;
  return error instanceof Error && !(error instanceof OperationError) && !('syscall' in error);
}
