import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import type { Api } from '../../cluster/api.ts';
import { readyNode } from '../../cluster/node.ts';
import type { AcquisitionSummary } from '../../evidence/acquisition.ts';
import type { Case } from '../../evidence/case.ts';
import { nodePhases, snapshotNode, snapshotText, type SnapshotSummary } from '../../evidence/snapshot.ts';
import { exitCode, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { createProgress, type Progress } from '../../output/progress.ts';
import { formatSize } from '../../output/size.ts';
import { defineCommand, type CommandContext, type FlagValues } from '../command.ts';
import { caseFlags, collectorFlags } from '../flags.ts';
import { rightsOf } from '../rights.ts';
import { acquire, collectedOf, requireRights, withApi, withCase, withCollectorOn } from '../session.ts';

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
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { io, signal } = context;
      const progress = createProgress(io);
      const collectorNamespace = plan.flags['collector-namespace'];
      const places = { namespace: api.namespace, collectorNamespace };
      await requireRights(api, context, 'snapshot', rightsOf('snapshot', places));
      await readyNode(api, plan.node, signal);
      return withCase(api, context, { dir: plan.flags.case, target: `node-${plan.node}` }, async (opened) => {
        const result = await collect(api, opened, plan, context, progress);
        await print(result, opened, plan, context, progress);
        return result.acquisition.outcome === 'complete' ? exitCode.done : exitCode.partial;
      });
    }),
});

async function collect(
  api: Api,
  opened: Case,
  { node, flags: values }: Plan,
  context: CommandContext,
  progress: Progress,
): Promise<Result> {
  const { io, signal } = context;
  const starting = io.monotonic();
  const about = { node, caseName: opened.name };
  return withCollectorOn(api, context, values, about, async (collector) => {
    await progress.step('collector', `on ${node}`, io.monotonic() - starting);
    const start = {
      kind: 'node',
      target: node,
      node,
      options: { phases: nodePhases },
      sensitive: mayHoldCredentials,
    };
    const { result, summary } = await acquire(opened, start, collector, async (acquisition) => {
      const taken = await snapshotNode(api, io, {
        node,
        collector,
        acquisition,
        phases: nodePhases,
        onPhase: ({ phase, milliseconds, complete }) =>
          progress.step(phase, '', milliseconds, complete ? 'done' : 'part'),
        signal,
      });
      return collectedOf(taken);
    });
    return { node, summary: result, acquisition: summary };
  });
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
