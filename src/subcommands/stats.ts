import type { Api } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import { findNode } from '../cluster/node.ts';
import type { Pod } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { parseTarget, resolvePod, type Target } from '../cluster/target.ts';
import type { Collector } from '../collector/collector.ts';
import type { Acquisition } from '../evidence/acquisition.ts';
import { exitCode, OperationError, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress } from '../output/progress.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { collectorFlags, recordFlags } from './flags.ts';
import { acquire, requireRights, withApi, withCase, withCollectorOn } from './session.ts';
import { figuresText } from './stats/present.ts';
import {
  cgroupSource,
  type KeepAnswer,
  kubeletSource,
  metricsSource,
  type NodePods,
  servesMetrics,
  type Source,
} from './stats/source.ts';

const flags = {
  ...recordFlags,
  ...collectorFlags,
  selector: { type: 'string', short: 'l', summary: 'pods with these labels', placeholder: 'SELECTOR' },
  watch: { type: 'boolean', short: 'w', summary: 'go on until interrupted' },
  interval: { type: 'number', summary: 'seconds between two looks', default: 2, placeholder: 'SECONDS' },
  from: {
    type: 'string',
    summary: 'where figures come from (default metrics where they are served, else cgroup)',
    choices: ['metrics', 'cgroup', 'kubelet'],
  },
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
} as const;

interface Plan {
  readonly target?: Target;
  readonly flags: FlagValues<typeof flags>;
}

/** What a source does not have; its columns stay empty, which is not zero. */
const untold: Readonly<Record<string, string>> = {
  metrics: 'the metrics server tells processors and working sets only; --from cgroup tells the rest',
  kubelet: 'the kubelet tells no throttling and no rates of network and disk; --from cgroup does',
};

/** `kubectl ir stats`: what containers use now, with rates over an interval and their node's load beside them. */
export const command = defineCommand({
  flags,
  complete: (words, values): Plan => {
    const target = words.length === 0 ? undefined : parseTarget(words);
    if (target !== undefined && !['pods', 'nodes'].includes(target.resource))
      throw new UsageError(`stats takes a pod or a node, not ${target.resource}`);
    if (target !== undefined && values.selector !== undefined) throw new UsageError('give a name or -l');
    if (values.interval < 1 || values.interval > 3600)
      throw new UsageError(`invalid argument "${values.interval}" for "--interval" flag: 1 to 3600 seconds`);
    return { ...(target === undefined ? {} : { target }), flags: values };
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { signal, io } = context;
      const from = plan.flags.from ?? ((await servesMetrics(api, signal)) ? 'metrics' : 'cgroup');
      const groups = await groupsOf(api, plan, signal);
      const dir = plan.flags.case ?? io.env['KUBECTL_IR_CASE'];
      const shown = async (
        sourceOf: (keep?: Acquisition) => Source,
        collectors: Collecting,
      ): Promise<void> => {
        if (dir === undefined) return show(sourceOf(), plan, context, from);
        await keepSamples(api, context, { dir, target: nameOf(plan), collectors }, (keep) =>
          show(sourceOf(keep), plan, context, from),
        );
      };
      if (from === 'cgroup') {
        const collectorNamespace = plan.flags['collector-namespace'];
        const places = { namespace: api.namespace, collectorNamespace };
        await requireRights(api, context, 'stats', places);
        await withCollectors(api, context, plan, groups, [], (collectors) =>
          shown((keep) => cgroupSource(collectors, keep, signal), collectors),
        );
      } else {
        const answersOf = from === 'metrics' ? metricsSource : kubeletSource;
        await shown((keep) => answersOf(groups, { api, signal, keep: keep && answersInto(keep) }), []);
      }
      return exitCode.done;
    }),
});

function nameOf({ target }: Plan): string {
  return target?.name ?? 'pods';
}

/** The pods that are asked for, by their nodes. */
async function groupsOf(api: Api, { target, flags: values }: Plan, signal: AbortSignal): Promise<NodePods[]> {
  if (target?.resource === 'pods') return byNode([await resolvePod(api, target, signal)]);
  const onNode = target !== undefined;
  if (onNode) await findNode(api, target.name, signal);
  const path = resourcePath({
    version: 'v1',
    namespace: onNode ? undefined : api.namespace,
    resource: 'pods',
  });
  const query = {
    ...(onNode ? { fieldSelector: `spec.nodeName=${target.name}` } : {}),
    ...(values.selector === undefined ? {} : { labelSelector: values.selector }),
  };
  const pods: Pod[] = [];
  for await (const pod of listAll<Pod>(api, { path, query, doing: 'list pods', signal })) pods.push(pod);
  if (onNode) return [{ node: target.name, pods, all: true }];
  const groups = byNode(pods);
  if (groups.length === 0)
    throw new OperationError(`no pod of namespace "${api.namespace}" that is asked for is on a node`);
  return groups;
}

function byNode(pods: readonly Pod[]): NodePods[] {
  const nodes = new Set(pods.flatMap(({ spec }) => spec?.nodeName ?? []));
  return [...nodes].map((node) => ({
    node,
    pods: pods.filter(({ spec }) => spec?.nodeName === node),
    all: false,
  }));
}

type Collecting = readonly { readonly of: NodePods; readonly collector: Collector }[];

/** Lends a collector on each node. */
function withCollectors(
  api: Api,
  context: CommandContext,
  plan: Plan,
  groups: readonly NodePods[],
  started: Collecting,
  use: (collectors: Collecting) => Promise<void>,
): Promise<void> {
  const [of, ...others] = groups;
  if (of === undefined) return use(started);
  return withCollectorOn(api, context, plan.flags, { node: of.node }, (collector) =>
    withCollectors(api, context, plan, others, [...started, { of, collector }], use),
  );
}

/** Keeps what the figures are read from in a case, as one acquisition. An interrupt is how a watch ends, and no gap. */
function keepSamples(
  api: Api,
  context: CommandContext,
  { dir, target, collectors }: { dir: string; target: string; collectors: Collecting },
  use: (keep: Acquisition) => Promise<void>,
): Promise<void> {
  return withCase(api, context, { dir, target }, async (opened) => {
    const [first] = collectors;
    const start = { kind: 'stats', target, ...(first === undefined ? {} : { node: first.of.node }) };
    await acquire(opened, start, first?.collector, async (acquisition) => {
      await use(acquisition).catch((error: unknown) => {
        if (!context.signal.aborted) throw error;
      });
      return { result: undefined, incomplete: [] };
    });
    await createProgress(context.io).note('Case', opened.dir);
  });
}

/** Numbers the answers, as the same is asked again and again. */
function answersInto(acquisition: Acquisition): KeepAnswer {
  let count = 0;
  return (name, source, bytes) => {
    count += 1;
    const item = `live_response/kubernetes/stats/${String(count).padStart(6, '0')}/${name}.json`;
    return acquisition.addFile(item, bytes, { artifact: 'kubernetes', source });
  };
}

async function show(
  source: Source,
  { flags: { watch, interval, output } }: Plan,
  { io, signal }: CommandContext,
  from: string,
): Promise<void> {
  const missing = untold[from];
  if (missing !== undefined) await createProgress(io).note('Not known', missing);
  if (from === 'cgroup') await source();
  for (;;) {
    if (from === 'cgroup') await io.sleep(interval * 1000, signal);
    const figures = await source();
    const data = {
      apiVersion: 'kubectl-ir/v1',
      kind: 'Stats',
      from,
      time: io.now().toISOString(),
      ...figures,
    };
    if (output === undefined) await writeLine(io.stdout, figuresText(figures));
    else await printData(io, data, output === 'json' ? 'json' : 'yaml');
    if (!watch) return;
    if (from !== 'cgroup') await io.sleep(interval * 1000, signal);
  }
}
