import { resolve } from 'node:path';
import { selectNodes } from '../cluster/node.ts';
import { addressesOf } from '../findings/audit-touch.ts';
import { type ClusterAddress, commonReason } from '../findings/cluster-address.ts';
import { type Indicator, indicatorKey } from '../findings/indicator.ts';
import { isKnown } from '../findings/known.ts';
import type { Touch } from '../findings/touch.ts';
import type { NodeTraces } from '../findings/traces.ts';
import { bounded } from '../output/bounded.ts';
import { formatCount } from '../output/count.ts';
import { exitCode, OperationError, UsageError } from '../output/errors.ts';
import { createProgress } from '../output/progress.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { caseFlags, collectorFlags, outputFlags } from './flags.ts';
import { lookAtNode } from './scope-live.ts';
import { type LeftOut, type NotLooked, ownerOf, printScope, type Scope } from './scope-output.ts';
import { searchAuditLog, searchCase, type SearchedCase } from './scope-search.ts';
import { type Wanted, wantedOf } from './scope-wanted.ts';
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
const nodesAtOnce = 4;

interface Plan {
  /** The case whose findings are looked for elsewhere. */
  readonly dir?: string;
  readonly flags: FlagValues<typeof flags>;
  readonly nodes: readonly string[];
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
    const { dir, flags: given } = plan;
    const sources = {
      ...(dir === undefined ? {} : { dir }),
      ioc: given.ioc,
      audited: given['audit-log'] !== undefined,
    };
    const wanted = await wantedOf(sources, context);
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
        : await searchAuditLog(
            audit,
            wanted.indicators,
            addressesOf(pods, wanted.known.pods, searched.cluster),
            signal,
          );
    const told = [...searched.touches, ...logged.touches];
    const leftOut = leftOutOf(wanted, searched.cluster, told);
    const left = new Set(leftOut.map(({ indicator }) => indicator));
    const all = told.filter(({ indicator }) => !left.has(indicator));
    const touches = all.filter(({ subject }) => !isKnown(subject, wanted.known));
    await tellBlindness(wanted, searched, context);
    const scope: Scope = {
      indicators: wanted.indicators.filter((one) => !left.has(one)),
      leftOut,
      touches,
      known: all.length - touches.length,
      nodes: searched.looked,
      notLooked: [
        ...searched.notLooked,
        ...wanted.unknown,
        ...(logged.malformed === 0 || audit === undefined
          ? []
          : [
              {
                what: audit,
                reason: formatCount(logged.malformed, 'line is no event', 'lines are no events'),
              },
            ]),
        ...accountsWithoutLog(wanted.indicators, audit),
      ],
    };
    await printScope(io, scope, plan.flags.output);
    return scope.notLooked.length === 0 ? exitCode.done : exitCode.partial;
  },
});

/** Addresses at which many are guests, but those that somebody asked for himself, and how many were seen to talk to them. */
function leftOutOf(
  { indicators, listed, began }: Wanted,
  cluster: readonly ClusterAddress[],
  touches: readonly Touch[],
): LeftOut[] {
  return indicators.flatMap((indicator) => {
    const reason = listed.has(indicatorKey(indicator)) ? undefined : commonReason(indicator, cluster, began);
    if (reason === undefined) return [];
    const talkers = touches.filter((touch) => touch.indicator === indicator);
    return [{ indicator, reason, talkers: new Set(talkers.map(({ subject }) => ownerOf(subject))).size }];
  });
}

/** Without a list of Services the address of one looks like that of an intruder. */
async function tellBlindness(
  { indicators, listed }: Wanted,
  { cluster, nodes }: Searched,
  { io }: CommandContext,
): Promise<void> {
  if (cluster.length > 0 || nodes.some(({ clusterAddresses }) => clusterAddresses !== undefined)) return;
  if (indicators.some((one) => one.type === 'address' && !listed.has(indicatorKey(one))))
    await createProgress(io).warn(
      'there is no list of Services: an address that everybody talks to, such as that of DNS, is looked for like any other',
    );
}

interface Searched {
  readonly touches: readonly Touch[];
  readonly nodes: readonly NodeTraces[];
  readonly cluster: readonly ClusterAddress[];
  readonly looked: readonly string[];
  readonly notLooked: readonly NotLooked[];
}

async function inCases(
  plan: Plan,
  { indicators, cluster: own }: Wanted,
  { signal }: CommandContext,
): Promise<Searched> {
  const cases: SearchedCase[] = [];
  const notLooked: NotLooked[] = [];
  for (const dir of plan.flags.in) {
    const searched = await searchCase(resolve(dir), indicators, signal, undefined, own);
    cases.push(searched);
    notLooked.push(...searched.damaged.map((reason) => ({ what: dir, reason })));
  }
  const nodes = cases.flatMap((one) => one.nodes);
  const cluster = cases.flatMap((one) => one.cluster);
  return {
    touches: cases.flatMap(({ touches }) => touches),
    nodes,
    cluster,
    looked: names(nodes),
    notLooked,
  };
}

function live(plan: Plan, { indicators, cluster: own }: Wanted, context: CommandContext): Promise<Searched> {
  const { signal, io } = context;
  return withApi(context, async (api) => {
    const collectorNamespace = plan.flags['collector-namespace'];
    const wanted =
      plan.nodes.length > 0 ? plan.nodes : await selectNodes(api, plan.flags.selector ?? '', signal);
    if (wanted.length === 0) throw new OperationError('no Linux node is there to look at');
    await requireRights(api, context, 'snapshot', { namespace: api.namespace, collectorNamespace });
    return withCase(api, context, { dir: plan.flags.case, target: 'scope' }, async (opened) => {
      const progress = createProgress(io);
      const services = once();
      const search = { api, context, opened, flags: plan.flags, progress, indicators, services };
      const looks = await bounded(wanted, nodesAtOnce, (node) => lookAtNode(search, node));
      const taken = looks.flatMap(({ acquisition }) => (acquisition === undefined ? [] : [acquisition]));
      const { touches, nodes, cluster, damaged } =
        taken.length === 0
          ? { touches: [], nodes: [], cluster: own, damaged: [] }
          : await searchCase(opened.dir, indicators, signal, new Set(taken), own);
      await progress.note('Case', opened.dir);
      return {
        touches,
        nodes,
        cluster,
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

/** True for the first who asks: what the cluster has once is taken on one node. */
function once(): () => boolean {
  let asked = false;
  return () => {
    const first = !asked;
    asked = true;
    return first;
  };
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
