import { createReadStream } from 'node:fs';
import { readFailure } from '../evidence/durable-file.ts';
import type { ClusterAddress } from '../findings/cluster-address.ts';
import { distinct, type Indicator, indicatorKey, indicatorOf } from '../findings/indicator.ts';
import { type IndicatorList, parseIndicators } from '../findings/indicator-list.ts';
import { indicatorsOf } from '../findings/indicators-of.ts';
import { judge } from '../findings/judge.ts';
import { beganOf, type Known, knownOf } from '../findings/known.ts';
import { ordinaryProcesses } from '../findings/ordinary.ts';
import type { Pod } from '../findings/pods.ts';
import { rules } from '../findings/rules.ts';
import { OperationError, UsageError } from '../output/errors.ts';
import { createProgress } from '../output/progress.ts';
import { readTraces } from './case-traces.ts';
import type { CommandContext } from './command.ts';
import type { NotLooked } from './scope-output.ts';
import { programsOf } from './scope-search.ts';

const longestList = 16 * 1024 * 1024;

/** Where what is looked for comes from. */
export interface Sources {
  /** The case whose findings are looked for elsewhere. */
  readonly dir?: string;
  /** A list of indicators. */
  readonly ioc: string | undefined;
  /** An audit log is looked through, where who acts as an account can be seen. */
  readonly audited: boolean;
}

/** What is looked for, and what is known already. */
export interface Wanted {
  readonly indicators: readonly Indicator[];
  /** Keys of those that somebody asked for himself. */
  readonly listed: ReadonlySet<string>;
  readonly known: Known;
  /** Addresses of the cluster's own, as far as the case has them, and when what it is about began, RFC 3339. */
  readonly cluster: readonly ClusterAddress[];
  readonly began: string | undefined;
  readonly pods: readonly Pod[];
  readonly unknown: readonly NotLooked[];
}

/** Reads case and list. Throws OperationError when there is nothing in them to look for, UsageError for a list that can't be read. */
export async function wantedOf(
  { dir, ioc, audited }: Sources,
  { io, signal }: Pick<CommandContext, 'io' | 'signal'>,
): Promise<Wanted> {
  const list: IndicatorList =
    ioc === undefined ? { indicators: [], unknown: [] } : parseIndicators(await readList(ioc), ioc);
  const { books, damaged, denied } =
    dir === undefined ? { books: [], damaged: [], denied: [] } : await readTraces(dir, signal);
  const lacking = [...damaged, ...denied];
  const { findings } = judge(
    rules,
    books.map((book) => book.docket()),
    dir ?? '',
  );
  const nodes = books.map((book) => book.traces());
  const known = knownOf(findings);
  const pods = nodes.flatMap(({ pods: list = [] }) => list.map(({ value }) => value));
  const found = indicatorsOf(findings, nodes);
  const common = ordinaryProcesses(findings, nodes, known.pods);
  const ordinary = dir === undefined ? new Set() : await programsOf(dir, common, signal);
  const usual = found.filter(({ type, value }) => type === 'sha256' && ordinary.has(value));
  for (const { value, from } of usual)
    await createProgress(io).warn(
      `not looked for, as the image of the suspect has it too: sha256 ${value} (${from})`,
    );
  const accounts = audited ? accountsOf(pods, known.pods) : [];
  const indicators = distinct([
    ...found.filter((one) => !usual.includes(one)),
    ...accounts,
    ...list.indicators,
  ]);
  if (indicators.length === 0)
    throw new OperationError(['there is nothing to look for', ...nothingOf(list, lacking, ioc)].join('; '), {
      advice:
        dir === undefined
          ? 'give one a line: a sha256, an address, the name of a host, an absolute path'
          : 'no finding of high weight in the case has traces that can be looked for; see: kubectl ir findings CASE',
    });
  return {
    indicators,
    listed: new Set(list.indicators.map(indicatorKey)),
    known,
    cluster: nodes.flatMap(({ clusterAddresses = [] }) => clusterAddresses),
    began: beganOf(findings, pods, known.pods),
    pods,
    unknown: [
      ...list.unknown.map(({ line, reason }) => ({ what: `${ioc ?? ''}:${line}`, reason })),
      ...lacking.map((reason) => ({ what: dir ?? '', reason })),
    ],
  };
}

/** What may have had something to look for. */
function* nothingOf(
  { unknown: [line] }: IndicatorList,
  [damage]: readonly string[],
  ioc = '',
): Generator<string> {
  if (line !== undefined) yield `${ioc}:${line.line}: ${line.reason}`;
  if (damage !== undefined) yield `part of the case was left out: ${damage}`;
}

/** The accounts of the pods that the case is about. */
function accountsOf(pods: readonly Pod[], known: ReadonlySet<string>): Indicator[] {
  return pods
    .filter(({ namespace, name }) => known.has(`${namespace}/${name}`))
    .map(({ namespace, serviceAccount = '' }) =>
      indicatorOf('service-account', `${namespace}:${serviceAccount}`, 'pods of the case'),
    )
    .filter((one) => typeof one !== 'string');
}

async function readList(file: string): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    // Of any length, and it may be a pipe: `--ioc <(…)`.
    for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length > longestList) throw new UsageError(`--ioc: ${file} is longer than ${longestList} bytes`);
    }
  } catch (cause) {
    const why = readFailure(cause);
    if (why === undefined) throw cause;
    throw new UsageError(`--ioc: ${file} can't be read (${why})`);
  }
  return Buffer.concat(pieces).toString('utf8');
}
