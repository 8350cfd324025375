import { labels, annotations } from '../collector/names.ts';
import { findStanding, type Standing, type StandingObject } from '../collector/standing.ts';
import { findCollectors, type StandingCollector } from '../collector/sweep.ts';
import type { Api } from '../cluster/api.ts';
import { driftOf, restarted } from '../containment/drift.ts';
import { listRecords } from '../containment/ledger.ts';
import type { FoundRecord } from '../containment/record.ts';
import { isThere } from '../containment/unfinished.ts';
import { formatAge } from '../output/age.ts';
import { ApiError, exitCode, OperationError, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { printData } from '../output/printer.ts';
import { renderTable } from '../output/table.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { collectorFlags } from './flags.ts';
import { withApi } from './session.ts';

const flags = {
  'collector-namespace': collectorFlags['collector-namespace'],
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name', 'wide'] },
} as const;

interface Plan {
  readonly collectorNamespace: string;
  readonly output: 'json' | 'yaml' | 'name' | 'wide' | undefined;
}

/** One object of ours as `status` shows it. */
interface StatusItem {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `collector`, `probe`, `suspect`, `record`, `policy`, `guard` or `namespace`. */
  readonly role: string;
  readonly state: string;
  /** Uid of the pod or node that it is about. */
  readonly about: string;
  readonly node: string;
  readonly case: string;
  /** RFC 3339. */
  readonly created: string;
}

/** What others changed of one isolation. */
interface Drift {
  readonly namespace: string;
  readonly pod: string;
  /** Uid of the pod. */
  readonly about: string;
  readonly changes: readonly string[];
}

/** What is known of the objects beyond what they say themselves. */
interface Known {
  readonly collectors: readonly StandingCollector[];
  readonly records: readonly FoundRecord[];
  readonly drift: readonly Drift[];
  readonly now: Date;
}

/** Isolations that are compared with what is there, at most. */
const comparedAtMost = 50;

/** `kubectl ir status`: everything of ours in the cluster, of every kind. */
export const command = defineCommand({
  flags,
  complete: (words, values): Plan => {
    if (words.length > 0) throw new UsageError('status takes no arguments');
    return { collectorNamespace: values['collector-namespace'], output: values.output as Plan['output'] };
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { signal } = context;
      const [standing, collectors, records] = await Promise.all([
        findStanding(api, [plan.collectorNamespace, api.namespace], signal),
        visible(findCollectors(api, undefined, signal), () =>
          findCollectors(api, plan.collectorNamespace, signal),
        ),
        visible(listRecords(api, plan.collectorNamespace, signal), () => Promise.resolve([])),
      ]);
      const readable = records.filter((one): one is FoundRecord => !(one instanceof OperationError));
      const drift = await driftOfAll(api, readable.slice(0, comparedAtMost), signal);
      const known = { collectors, records: readable, drift, now: context.io.now() };
      const items = standing.objects.map((one) => describe(one, known));
      await print(items, drift, standing, plan, context);
      return standing.unseen.length === 0 ? exitCode.done : exitCode.partial;
    }),
});

async function driftOfAll(api: Api, records: readonly FoundRecord[], signal: AbortSignal): Promise<Drift[]> {
  const all = await Promise.all(
    records.map(async (found) => {
      const { namespace, name, uid } = found.record.pod;
      return { namespace, pod: name, about: uid, changes: await driftOf(api, found, signal) };
    }),
  );
  return all.filter(({ changes }) => changes.length > 0);
}

/** `work`, or what may be had where that is forbidden. */
async function visible<T>(work: Promise<T[]>, less: () => Promise<T[]>): Promise<T[]> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
  }
  try {
    return await less();
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}

function describe({ object, kind }: StandingObject, known: Known): StatusItem {
  const { metadata } = object;
  const collector = known.collectors.find(({ uid }) => uid === metadata.uid);
  const about = metadata.labels?.[labels.podUid] ?? '';
  const record = known.records.find((one) => one.record.pod.uid === about);
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    ...roleOf(kind, object, collector, record, known),
    about,
    node: collector?.node ?? record?.record.pod.node ?? '',
    case: metadata.annotations?.[annotations.case] ?? '',
    created: metadata.creationTimestamp ?? '',
  };
}

function roleOf(
  kind: string,
  object: StandingObject['object'],
  collector: StandingCollector | undefined,
  record: FoundRecord | undefined,
  known: Known,
): { role: string; state: string } {
  const phase = object.status?.phase ?? '';
  if (collector !== undefined) return { role: collector.role, state: collector.state };
  switch (kind) {
    case 'namespace':
      return { role: 'namespace', state: phase };
    case 'pod':
      if (record === undefined) return { role: 'suspect', state: 'marked, no record' };
      return { role: 'suspect', state: suspectState(record, known) };
    case 'configmap':
      return record === undefined
        ? { role: 'record', state: 'damaged' }
        : { role: 'record', state: tickedText(record) || 'nothing done yet' };
    case 'networkpolicy':
    case 'ciliumnetworkpolicy':
      return { role: 'policy', state: record === undefined ? 'no record' : 'in force' };
    default:
      return { role: 'guard', state: record === undefined ? 'no record' : 'in force' };
  }
}

/** `guard, cut, deny failed`: acts of which something is there by their kind alone, others with how they ended. */
function tickedText({ ticks }: FoundRecord): string {
  const texts = [...ticks].map(([kind, tick]) =>
    isThere(tick) ? kind : `${kind} ${/^(?:failed|not placed)/.exec(tick)?.[0] ?? 'open'}`,
  );
  return texts.join(', ');
}

/** Whether it held when it was last tried, and how long ago that was. */
function suspectState({ record, verdict }: FoundRecord, { drift, now }: Known): string {
  const tried =
    verdict === undefined
      ? 'no verdict'
      : `${verdict.verdict} ${formatAge(now.getTime() - Date.parse(verdict.at))} ago`;
  const changes = drift.find(({ about }) => about === record.pod.uid)?.changes ?? [];
  const told = changes.includes(restarted) ? 'no verdict since containers ended' : tried;
  return ['isolated', told, ...(changes.length > 0 ? ['drifted'] : [])].join(', ');
}

async function print(
  items: readonly StatusItem[],
  drift: readonly Drift[],
  { unseen }: Standing,
  { output }: Plan,
  { io }: CommandContext,
): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    await printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'Status', items, drift, unseen }, output);
  } else if (output === 'name') {
    for (const { kind, name } of items) await writeLine(io.stdout, terminalLine(`${kind}/${name}`));
  } else if (items.length > 0) {
    const now = io.now().getTime();
    const wide = output === 'wide';
    const headers = [
      'ROLE',
      'STATE',
      'OBJECT',
      'NAMESPACE',
      'NODE',
      'CASE',
      'AGE',
      ...(wide ? ['ABOUT'] : []),
    ];
    const rows = items.map((item) => [
      item.role,
      item.state,
      `${item.kind}/${item.name}`,
      item.namespace || '-',
      item.node || '-',
      item.case || '-',
      formatAge(now - Date.parse(item.created)),
      ...(wide ? [item.about] : []),
    ]);
    await writeLine(io.stdout, renderTable(headers, rows));
  }
  if (items.length === 0)
    await writeLine(io.stderr, 'Nothing of kubectl ir is in the cluster, as far as can be seen.');
  for (const { namespace, pod, changes } of drift) {
    for (const change of changes)
      await writeLine(io.stderr, terminalLine(`drift: pod/${pod} in namespace ${namespace}: ${change}`));
  }
  for (const { resource, namespace, reason } of unseen) {
    await writeLine(
      io.stderr,
      `not seen: ${resource} in ${namespace ?? 'all namespaces'}: ${terminalLine(reason)}`,
    );
  }
}
