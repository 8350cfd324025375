import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { selectNodes } from '../cluster/node.ts';
import { readFailure } from '../evidence/durable-file.ts';
import { addressesOf } from '../findings/audit-touch.ts';
import { distinct, type Indicator, indicatorOf } from '../findings/indicator.ts';
import { type IndicatorList, parseIndicators } from '../findings/indicator-list.ts';
import { indicatorsOf, podsOf } from '../findings/indicators-of.ts';
import { judge } from '../findings/judge.ts';
import { ordinaryProcesses } from '../findings/ordinary.ts';
import type { Pod } from '../findings/pods.ts';
import { rules } from '../findings/rules.ts';
import type { Touch } from '../findings/touch.ts';
import type { NodeTraces } from '../findings/traces.ts';
import { exitCode, OperationError, UsageError } from '../output/errors.ts';
import { createProgress } from '../output/progress.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { readTraces } from './case-traces.ts';
import { caseFlags, collectorFlags, outputFlags } from './flags.ts';
import { inLanes } from './lanes.ts';
import { rightsOf } from './rights.ts';
import { lookAtNode } from './scope-live.ts';
import { type NotLooked, printScope, type Scope } from './scope-output.ts';
import { programsOf, searchAuditLog, searchCase, type SearchedCase } from './scope-search.ts';
import { requireRights, withApi, withCase } from './session.ts';

const flags = {
  ioc: {
    type: 'string',
    summary: 'look for what is in this list: plain text, CSV or STIX 2.1',
    placeholder: 'FILE',
  },
  in: {
    type: 'string',
    summary: 'look in this case, not in the cluster',
    repeated: true,
    placeholder: 'CASE',
  },
  'audit-log': {
    type: 'string',
    summary: 'look in this audit log of the API server too',
    placeholder: 'FILE',
  },
  nodes: { type: 'string', summary: 'these nodes, separated by commas', placeholder: 'NODE,…' },
  selector: { type: 'string', short: 'l', summary: 'nodes with these labels', placeholder: 'SELECTOR' },
  'all-nodes': { type: 'boolean', short: 'A', summary: 'every Linux node, which is the default' },
  ...caseFlags,
  ...collectorFlags,
  ...outputFlags,
} as const;

/** Nodes that are looked at at the same time. */
const lanes = 4;
const longestList = 16 * 1024 * 1024;

interface Plan {
  /** The case whose findings are looked for elsewhere. */
  readonly dir?: string;
  readonly flags: FlagValues<typeof flags>;
  readonly nodes: readonly string[];
}

/** What is looked for, and what is known already. */
interface Wanted {
  readonly indicators: readonly Indicator[];
  /** Pods of the case, `NAMESPACE/NAME`, and places on nodes, `NODE PATH`. */
  readonly known: ReadonlySet<string>;
  readonly pods: readonly Pod[];
  readonly unknown: readonly NotLooked[];
}

/** `kubectl ir scope CASE`: who else has a trace of it. Exit 3 when something was not looked at, or a line of a list not understood. */
export const command = defineCommand({
  flags,
  complete: (words, values): Plan => {
    const [dir, ...more] = words;
    if (more.length > 0 || (dir === undefined && values.ioc === undefined))
      throw new UsageError(
        'scope takes a case, or a list: kubectl ir scope CASE, kubectl ir scope --ioc FILE',
      );
    const nodes = [...new Set((values.nodes ?? '').split(',').filter((node) => node !== ''))];
    const ways = [nodes.length > 0, values.selector !== undefined, values['all-nodes'], values.in.length > 0];
    if (ways.filter(Boolean).length > 1) throw new UsageError('give one of --nodes, -l, -A and --in');
    return { ...(dir === undefined ? {} : { dir: resolve(dir) }), flags: values, nodes };
  },
  run: async (plan, context) => {
    const wanted = await wantedOf(plan, context);
    const { io, signal } = context;
    const searched =
      plan.flags.in.length > 0 ? await inCases(plan, wanted, context) : await live(plan, wanted, context);
    const audit = plan.flags['audit-log'];
    const pods = [
      ...wanted.pods,
      ...searched.nodes.flatMap(({ pods: list = [] }) => list.map(({ value }) => value)),
    ];
    const logged =
      audit === undefined
        ? { touches: [], malformed: 0 }
        : await searchAuditLog(audit, wanted.indicators, addressesOf(pods, wanted.known), signal);
    const all = [...searched.touches, ...logged.touches];
    const touches = all.filter((touch) => !isKnown(touch, wanted.known));
    const scope: Scope = {
      indicators: wanted.indicators,
      touches,
      known: all.length - touches.length,
      nodes: searched.looked,
      notLooked: [
        ...searched.notLooked,
        ...wanted.unknown,
        ...(logged.malformed === 0 || audit === undefined
          ? []
          : [{ what: audit, reason: `${logged.malformed} lines are no events` }]),
        ...accountsWithoutLog(wanted.indicators, audit),
      ],
    };
    await printScope(io, scope, plan.flags.output);
    return scope.notLooked.length === 0 ? exitCode.done : exitCode.partial;
  },
});

interface Searched {
  readonly touches: readonly Touch[];
  readonly nodes: readonly NodeTraces[];
  readonly looked: readonly string[];
  readonly notLooked: readonly NotLooked[];
}

async function wantedOf(plan: Plan, { io, signal }: CommandContext): Promise<Wanted> {
  const {
    dir,
    flags: { ioc, 'audit-log': audit },
  } = plan;
  const list: IndicatorList =
    ioc === undefined ? { indicators: [], unknown: [] } : parseIndicators(await readList(ioc), ioc);
  const { books, damaged } = dir === undefined ? { books: [], damaged: [] } : await readTraces(dir, signal);
  const { findings } = judge(
    rules,
    books.map((book) => book.docket()),
    dir ?? '',
  );
  const nodes = books.map((book) => book.traces());
  const known = podsOf(findings);
  const pods = nodes.flatMap(({ pods: list = [] }) => list.map(({ value }) => value));
  const found = indicatorsOf(findings, nodes);
  const common = ordinaryProcesses(findings, nodes, known);
  const ordinary = dir === undefined ? new Set() : await programsOf(dir, common, signal);
  const usual = found.filter(({ type, value }) => type === 'sha256' && ordinary.has(value));
  for (const { value, from } of usual)
    await createProgress(io).warn(
      `not looked for, as the image of the suspect has it too: sha256 ${value} (${from})`,
    );
  const accounts = audit === undefined ? [] : accountsOf(pods, known);
  const indicators = distinct([
    ...found.filter((one) => !usual.includes(one)),
    ...accounts,
    ...list.indicators,
  ]);
  if (indicators.length === 0)
    throw new OperationError(['there is nothing to look for', ...nothingOf(list, damaged, ioc)].join('; '), {
      advice:
        dir === undefined
          ? 'give one a line: a sha256, an address, the name of a host, an absolute path'
          : 'no finding of high weight in the case has traces that can be looked for; see: kubectl ir findings CASE',
    });
  const places = findings.map(({ subject: { node, path = '' } }) => `${node} ${path}`);
  return {
    indicators,
    known: new Set([...known, ...places]),
    pods,
    unknown: [
      ...list.unknown.map(({ line, reason }) => ({ what: `${ioc ?? ''}:${line}`, reason })),
      ...damaged.map((reason) => ({ what: dir ?? '', reason })),
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

async function inCases(plan: Plan, { indicators }: Wanted, { signal }: CommandContext): Promise<Searched> {
  const cases: SearchedCase[] = [];
  const notLooked: NotLooked[] = [];
  for (const dir of plan.flags.in) {
    const searched = await searchCase(resolve(dir), indicators, signal);
    cases.push(searched);
    notLooked.push(...searched.damaged.map((reason) => ({ what: dir, reason })));
  }
  const nodes = cases.flatMap((one) => one.nodes);
  return { touches: cases.flatMap(({ touches }) => touches), nodes, looked: names(nodes), notLooked };
}

function live(plan: Plan, { indicators }: Wanted, context: CommandContext): Promise<Searched> {
  const { signal, io } = context;
  return withApi(context, async (api) => {
    const collectorNamespace = plan.flags['collector-namespace'];
    const wanted =
      plan.nodes.length > 0 ? plan.nodes : await selectNodes(api, plan.flags.selector ?? '', signal);
    if (wanted.length === 0) throw new OperationError('no Linux node is there to look at');
    await requireRights(
      api,
      context,
      'snapshot',
      rightsOf('snapshot', { namespace: api.namespace, collectorNamespace }),
    );
    return withCase(api, context, { dir: plan.flags.case, target: 'scope' }, async (opened) => {
      const progress = createProgress(io);
      const search = { api, context, opened, flags: plan.flags, progress, indicators };
      const looks = await inLanes(wanted, lanes, (node) => lookAtNode(search, node));
      const taken = looks.flatMap(({ acquisition }) => (acquisition === undefined ? [] : [acquisition]));
      const { touches, nodes, damaged } =
        taken.length === 0
          ? { touches: [], nodes: [], damaged: [] }
          : await searchCase(opened.dir, indicators, signal, new Set(taken));
      await progress.note('Case', opened.dir);
      return {
        touches,
        nodes,
        looked: names(nodes),
        notLooked: [
          ...looks.flatMap(({ node, lacking }) =>
            lacking === undefined ? [] : [{ what: `node/${node}`, reason: lacking }],
          ),
          ...damaged.map((reason) => ({ what: opened.dir, reason })),
        ],
      };
    });
  });
}

function names(nodes: readonly NodeTraces[]): string[] {
  return [...new Set(nodes.map(({ node }) => node))].sort();
}

function isKnown({ subject: { node, namespace, pod, path } }: Touch, known: ReadonlySet<string>): boolean {
  return pod === undefined
    ? known.has(`${node ?? ''} ${path ?? ''}`)
    : known.has(`${namespace ?? ''}/${pod}`);
}

/** Who acts as an account stands in the audit log alone. */
function accountsWithoutLog(indicators: readonly Indicator[], audit: string | undefined): NotLooked[] {
  const count = indicators.filter(({ type }) => type === 'service-account').length;
  return count === 0 || audit !== undefined
    ? []
    : [
        {
          what: `${count} ServiceAccounts`,
          reason: 'who acts as one stands in the audit log of the API server: --audit-log FILE',
        },
      ];
}
