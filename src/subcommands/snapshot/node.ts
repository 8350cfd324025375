import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import type { Api } from '../../cluster/api.ts';
import { whoAmI } from '../../cluster/access.ts';
import { connect } from '../../cluster/connect.ts';
import { readyNode } from '../../cluster/node.ts';
import type { Collector } from '../../collector/collector.ts';
import { collectorImage } from '../../collector/image.ts';
import { withCollector } from '../../collector/lifecycle.ts';
import type { AcquisitionSummary } from '../../evidence/acquisition.ts';
import { openCase, type Case } from '../../evidence/case.ts';
import { nodePhases, snapshotNode, snapshotText, type SnapshotSummary } from '../../evidence/snapshot.ts';
import { exitCode, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { createProgress, type Progress } from '../../output/progress.ts';
import { formatSize } from '../../output/size.ts';
import { defineCommand, type CommandContext, type FlagValues } from '../command.ts';
import { caseFlags, collectorFlags } from '../flags.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
} as const;

interface Plan {
  readonly node: string;
  readonly flags: FlagValues<typeof flags>;
}

interface Result {
  readonly node: string;
  readonly summary: SnapshotSummary;
  readonly acquisition: AcquisitionSummary;
}

/** `kubectl ir snapshot node NODE`: the node's evidence by order of volatility into a case. */
export const command = defineCommand({
  flags,
  complete: (words, values): Plan => {
    const [first, ...more] = words;
    const node = first?.replace(/^(?:nodes?|no)\//, '');
    if (node === undefined || node === '')
      throw new UsageError('which node? Give its name: snapshot node NODE');
    if (more.length > 0) throw new UsageError(`one node is enough; what is "${more.join(' ')}"?`);
    if (node.includes('/')) throw new UsageError(`"${node}" is not the name of a node`);
    return { node, flags: values };
  },
  run: async (plan, context) => {
    const { io, signal } = context;
    const progress = createProgress(io);
    const api = await connect(io, context.global);
    try {
      await readyNode(api, plan.node, signal);
      const opened = await openCase(io, { dir: plan.flags.case, target: `node-${plan.node}` });
      try {
        opened.custody.identify((await whoAmI(api, signal)).username);
        const result = await collect(api, opened, plan, context, progress);
        await print(result, opened, plan, context, progress);
        return result.acquisition.outcome === 'complete' ? exitCode.done : exitCode.partial;
      } finally {
        await opened.close();
      }
    } finally {
      await api.close();
    }
  },
});

function collect(
  api: Api,
  opened: Case,
  plan: Plan,
  { io, signal }: CommandContext,
  progress: Progress,
): Promise<Result> {
  const image = plan.flags['collector-image'] ?? collectorImage;
  const pullSecret = plan.flags['collector-pull-secret'];
  const started = io.monotonic();
  return withCollector(
    api,
    io,
    {
      node: plan.node,
      namespace: plan.flags['collector-namespace'],
      image,
      ...(pullSecret === undefined ? {} : { pullSecret }),
      caseName: opened.name,
      signal,
    },
    async (collector) => {
      await progress.step('collector', `on ${plan.node}`, io.monotonic() - started);
      return acquire(api, opened, plan.node, collector, { io, signal }, progress);
    },
  );
}

async function acquire(
  api: Api,
  opened: Case,
  node: string,
  collector: Collector,
  { io, signal }: Pick<CommandContext, 'io' | 'signal'>,
  progress: Progress,
): Promise<Result> {
  const acquisition = await opened.startAcquisition({
    kind: 'node',
    target: node,
    node,
    options: { phases: nodePhases },
    sensitive: mayHoldCredentials,
  });
  let summary: SnapshotSummary;
  try {
    summary = await snapshotNode(api, io, {
      node,
      collector,
      acquisition,
      phases: nodePhases,
      onPhase: ({ phase, milliseconds, complete }) =>
        progress.step(phase, '', milliseconds, complete ? 'done' : 'part'),
      signal,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await acquisition.finish({ collector: collector.identity, outcome: 'partial', reason });
    throw error;
  }
  const { clock, incomplete } = summary;
  const finished = await acquisition.finish({
    collector: collector.identity,
    ...(clock === undefined ? {} : { clock }),
    ...(incomplete.length === 0
      ? { outcome: 'complete' }
      : { outcome: 'partial', reason: incomplete.join('; ') }),
  });
  return { node, summary, acquisition: finished };
}

async function print(
  { node, summary, acquisition }: Result,
  opened: Case,
  plan: Plan,
  { io }: CommandContext,
  progress: Progress,
): Promise<void> {
  for (const reason of summary.incomplete) await progress.warn(`not complete: ${reason}`);
  const { output } = plan.flags;
  if (output !== undefined) {
    const { phases, incomplete, clock, clockAfter, ...counts } = summary;
    const data = {
      apiVersion: 'kubectl-ir/v1',
      kind: 'NodeSnapshot',
      node,
      case: opened.dir,
      acquisition: acquisition.dir,
      outcome: acquisition.outcome,
      counts,
      clock,
      clockAfter,
      phases,
      incomplete,
      items: acquisition.items,
      bytes: acquisition.bytes,
      sensitive: acquisition.sensitive,
      outcomes: acquisition.outcomes,
      gaps: acquisition.gaps,
      gapCount: acquisition.gapCount,
    };
    await printData(io, data, output === 'json' ? 'json' : 'yaml');
  } else {
    const { items, bytes, sensitive, gapCount } = acquisition;
    await writeLine(io.stdout, snapshotText(summary));
    const credentials = sensitive === 0 ? '' : `, ${sensitive} may hold credentials`;
    const gaps = gapCount === 0 ? '' : `; ${gapCount} not read or not whole, listed in acquisition.json`;
    await writeLine(io.stdout, `${items} items, ${formatSize(bytes)}${credentials}${gaps}`);
  }
  await progress.note('Case', opened.dir);
}
