import type { Kind } from '../artifacts/kind.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { plainRecord } from '../artifacts/plain.ts';
import { exhibitsOf, itemsOf, openWhole, type Shortfall } from '../evidence/exhibits.ts';
import type { ItemRecord } from '../evidence/item-record.ts';
import type { AcquisitionReader } from '../evidence/reader.ts';
import type { Traced } from '../findings/finding.ts';
import type { Judgement } from '../findings/judge.ts';
import { nextSteps } from '../findings/next-steps.ts';
import { OwnJudge } from '../findings/own-judge.ts';
import type { OwnRule } from '../findings/own-rule.ts';
import { processIn } from '../findings/process-identity.ts';
import { subjectOf } from '../findings/subject.ts';
import type { TraceBook } from '../findings/trace-book.ts';
import type { NodeTraces, TracedProcess } from '../findings/traces.ts';
import { OperationError } from '../output/errors.ts';
import { nodeOf } from './case-traces.ts';

const collect = 'kubectl ir snapshot node {node} --profile full --case {case}';

/** An acquisition and its items of a kind. */
interface Readable {
  readonly name: string;
  readonly reader: AcquisitionReader;
  readonly items: readonly ItemRecord[];
}

/** Judges rules of the user on all nodes of a case, each kind of record read once. */
export async function judgeOwnRules(
  dir: string,
  rules: readonly OwnRule[],
  books: readonly TraceBook[],
  caseWord: string,
  signal: AbortSignal,
): Promise<Judgement> {
  const all: Judgement = { findings: [], notJudged: [], incomplete: [] };
  if (rules.length === 0) return all;
  const { opened } = await openWhole(dir);
  const parts: Judgement[] = [];
  for (const book of books) {
    const traces = book.traces();
    const readers = opened.filter(({ reader }) => nodeOf(reader.info) === book.node);
    for (const kind of new Set(rules.map(({ of }) => of))) {
      const those = rules.filter(({ of }) => of === kind);
      parts.push(await judgeKind(kind, those, traces, readers, caseWord, signal));
    }
  }
  return {
    findings: parts.flatMap(({ findings }) => findings),
    notJudged: parts.flatMap(({ notJudged }) => notJudged),
    incomplete: parts.flatMap(({ incomplete }) => incomplete),
  };
}

async function judgeKind(
  kind: Kind,
  rules: readonly OwnRule[],
  traces: NodeTraces,
  readers: readonly { readonly name: string; readonly reader: AcquisitionReader }[],
  caseWord: string,
  signal: AbortSignal,
): Promise<Judgement> {
  const { node } = traces;
  const shortfall: Shortfall = { gaps: [], malformed: [] };
  const readable: Readable[] = [];
  for (const { name, reader } of readers) {
    const items = (await itemsOf(kind, reader, shortfall)).map(({ item }) => item);
    readable.push({ name, reader, items });
  }
  if (readable.every(({ items }) => items.every(({ outcome, size }) => outcome !== 'ok' && size === 0))) {
    const [next = collect] = nextSteps([collect], caseWord, { node });
    const reason = `the case has no ${kind.name} of this node`;
    const notJudged = rules.map(({ id }) => ({ rule: id, node, lack: 'missing' as const, reason, next }));
    return { findings: [], notJudged, incomplete: [] };
  }
  const judge = new OwnJudge(rules, node, caseWord, (pid, acquisition) => {
    const process = processIn(traces, pid, acquisition);
    return process === undefined ? undefined : subjectOf(traces, process);
  });
  const joined = joinedOf(kind, traces);
  if (joined === undefined) for (const one of readable) await takeItems(judge, kind, one, shortfall, signal);
  else for (const { source, value } of joined) judge.take(plainRecord(value), source);
  const { findings, incomplete } = judge.judgement();
  const [gap] = shortfall.gaps;
  const less =
    gap === undefined
      ? []
      : rules.map(({ id }) => ({ rule: id, node, items: shortfall.gaps.length, reason: gap }));
  return { findings, notJudged: [], incomplete: [...incomplete, ...less] };
}

/** Kinds that are put together from many items are read from the traces, which know where each is from. */
function joinedOf(kind: Kind, traces: NodeTraces): Iterable<Traced<object>> | undefined {
  if (kind.parsers.includes('process'))
    return traces.processes.map((process) => ({ source: process.source, value: recordOf(process) }));
  return kind.parsers.includes('sockets') ? traces.sockets : undefined;
}

/** A traced process as `show processes` has it. */
function recordOf(process: TracedProcess): object {
  const more = ['source', 'looks', 'descriptors', 'root', 'environment', 'kept', 'young'];
  return Object.fromEntries(Object.entries(process).filter(([name]) => !more.includes(name)));
}

/** Item by item, so that one that is damaged takes no other along; it is a gap. */
async function takeItems(
  judge: OwnJudge,
  kind: Kind,
  { name, reader, items }: Readable,
  shortfall: Shortfall,
  signal: AbortSignal,
): Promise<void> {
  for (const item of items) {
    signal.throwIfAborted();
    try {
      await reader.check(item);
      for await (const { record } of exhibitsOf(kind, name, { ...reader, items: [item] }, shortfall))
        if (!isMalformed(record))
          judge.take(plainRecord(record), { acquisition: name, item: item.item, name: item.name });
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      shortfall.gaps.push(`${item.name}: ${error.message}`);
    }
  }
}
