import { objectOf, objectsOf, textOf, textsOf } from '../../artifacts/json.ts';
import { isMalformed } from '../../artifacts/lines.ts';
import { PodDiffPieces } from '../../artifacts/pod-diff.ts';
import { openAcquisitions } from '../../evidence/exhibits.ts';
import type { AcquisitionReader } from '../../evidence/reader.ts';
import type { Finding } from '../../findings/finding.ts';
import { judge, type Judgement } from '../../findings/judge.ts';
import { rules } from '../../findings/rules.ts';
import type { Trace } from '../../incident/recurrence.ts';
import { readTraces } from '../case-traces.ts';
import { diffItem } from './about.ts';

/** Chooses acquisitions by name. */
export type Chosen = (acquisition: string) => boolean;

/** A container that was compared with its image, and what of it was not seen. */
export interface ComparedContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly blind: readonly string[];
}

export interface FoundChanges {
  readonly changes: readonly Trace[];
  readonly containers: readonly ComparedContainer[];
  /** Why some are not here. */
  readonly cut?: string;
}

/** More are not compared: nobody would read them. */
const mostChanges = 100_000;

/** What the rules say of some acquisitions of a case. */
export async function judgeAcquisitions(
  dir: string,
  chosen: Chosen,
  word: string,
  signal: AbortSignal,
): Promise<Judgement & { readonly nodes: readonly string[]; readonly damaged: readonly string[] }> {
  const { books, damaged } = await readTraces(dir, signal, chosen);
  const dockets = books.map((book) => book.docket());
  return { ...judge(rules, dockets, word), nodes: books.map(({ node }) => node), damaged };
}

/** Findings as what a fix is to take away, with the files of nodes that they are about. */
export async function findingTraces(dir: string, findings: readonly Finding[]): Promise<Trace[]> {
  const digests = new Map<string, string>();
  for (const { name, reader } of await openAcquisitions(dir))
    for (const { item, name: file, sha256 } of reader.items)
      if (sha256 !== undefined && isFileOfNode(file)) digests.set(`${name} ${item}`, sha256);
  return findings.map((finding) => {
    const trace = findingTrace(finding);
    const name = `[root]${finding.subject.path ?? ''}`;
    const shown = finding.evidence.find((one) => one.name === name);
    const sha256 = shown === undefined ? undefined : digests.get(`${shown.acquisition} ${shown.item}`);
    return sha256 === undefined ? trace : { ...trace, file: { name, sha256 } };
  });
}

/** What some acquisitions have of files of nodes, by `NODE NAME`: the digest, or why there is none. */
export async function filesOfNodes(
  dir: string,
  chosen: Chosen,
  wanted: ReadonlySet<string>,
): Promise<Map<string, { readonly outcome: string; readonly sha256?: string }>> {
  const files = new Map<string, { readonly outcome: string; readonly sha256?: string }>();
  for (const { name, reader } of await openAcquisitions(dir)) {
    if (!chosen(name)) continue;
    const { node = '' } = reader.info;
    for (const { name: file, outcome, sha256 } of reader.items)
      if (wanted.has(file))
        files.set(`${node} ${file}`, { outcome, ...(sha256 === undefined ? {} : { sha256 }) });
  }
  return files;
}

/** What the kernel makes up is another thing each time. */
function isFileOfNode(name: string): boolean {
  return name.startsWith('[root]/') && !/^\[root\]\/(?:proc|sys)\//.test(name);
}

/** A finding as something that a fix is to take away. */
export function findingTrace({ rule, title, severity, subject }: Finding): Trace {
  return { kind: 'finding', what: rule, title, severity, place: subject };
}

/** The changes that the diffs in some acquisitions tell of; those that the container runtime made are left out. */
export async function changesIn(dir: string, chosen: Chosen, signal: AbortSignal): Promise<FoundChanges> {
  const changes: Trace[] = [];
  const containers: ComparedContainer[] = [];
  for (const { name, reader } of await openAcquisitions(dir)) {
    signal.throwIfAborted();
    if (!chosen(name)) continue;
    for await (const found of piecesOf(reader)) {
      if ('blind' in found) containers.push(found);
      else if (changes.length === mostChanges)
        return {
          changes,
          containers,
          cut: `there are more than ${mostChanges} changes; the first are compared`,
        };
      else changes.push(found);
    }
  }
  return { changes, containers };
}

async function* piecesOf(reader: AcquisitionReader): AsyncGenerator<Trace | ComparedContainer> {
  const item = reader.items.find(({ name, offset }) => name === diffItem && offset !== undefined);
  if (item === undefined) return;
  const pieces = new PodDiffPieces();
  let pod: { node: string; namespace: string; pod: string } = { node: '', namespace: '', pod: '' };
  let container = '';
  const place = (): typeof pod & { container: string } => ({ ...pod, container });
  for await (const chunk of reader.read(item) as AsyncIterable<Buffer>)
    for (const piece of pieces.write(chunk)) {
      if (isMalformed(piece)) {
        yield { ...place(), blind: [`the kept diff is damaged: ${piece.malformed}`] };
        continue;
      }
      if (piece.kind === 'pod') {
        const { node, namespace, name } = objectOf(piece.pod) ?? {};
        pod = { node: textOf(node) ?? '', namespace: textOf(namespace) ?? '', pod: textOf(name) ?? '' };
      } else if (piece.kind === 'container') {
        container = textOf(piece.container['name']) ?? '';
        const blind = objectsOf(piece.container['blind']).map(
          (one) => `${textOf(one['what']) ?? ''}: ${textOf(one['why']) ?? ''}`,
        );
        yield { ...place(), blind };
      } else {
        const { change, path, sha256, flags } = piece.change;
        if (textsOf(flags).includes('runtime')) continue;
        const what = textOf(change) ?? '';
        const content = textOf(sha256);
        yield {
          ...{ kind: 'change', what, title: `${what} ${textOf(path) ?? ''}` },
          place: { ...place(), path: textOf(path) ?? '' },
          ...(content === undefined ? {} : { sha256: content }),
        };
      }
    }
}
