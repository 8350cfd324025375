import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import { whoAmI } from '../../cluster/access.ts';
import type { Api } from '../../cluster/api.ts';
import { connect } from '../../cluster/connect.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Target } from '../../cluster/target.ts';
import { parseTarget, resolvePod } from '../../cluster/target.ts';
import type { Collector } from '../../collector/collector.ts';
import { collectorImage } from '../../collector/image.ts';
import { withCollector } from '../../collector/lifecycle.ts';
import type { Case } from '../../evidence/case.ts';
import { openCase } from '../../evidence/case.ts';
import { diffExitCode } from '../../filesystem/container-diff.ts';
import { containersOf } from '../../filesystem/container.ts';
import { blindLines, diffNames, changesTable } from '../../filesystem/present.ts';
import { diffPod } from '../../filesystem/diff.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { exitCode, exitCodeOf, OperationError, PartialError, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import type { Progress } from '../../output/progress.ts';
import { createProgress } from '../../output/progress.ts';
import type { CommandContext, FlagValues } from '../command.ts';
import { defineCommand } from '../command.ts';
import { caseFlags, collectorFlags, outputFlags } from '../flags.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  ...outputFlags,
  container: {
    type: 'string',
    short: 'c',
    repeated: true,
    summary: 'container to look at; may be given several times (default all of the pod)',
    placeholder: 'NAME',
  },
  runtime: { type: 'boolean', summary: 'list entries that the container runtime made, too' },
} as const;

interface Plan {
  readonly target: Target;
  readonly flags: FlagValues<typeof flags>;
}

/** `kubectl ir diff pod POD`: what the containers of a pod changed against their images; exit 0 nothing, 1 changes, 3 not all was seen. */
export const command = defineCommand({
  flags,
  complete: (words, values): Plan => {
    const target = parseTarget(words);
    if (target.resource !== 'pods') throw new UsageError(`diff pod takes a pod, not ${target.resource}`);
    return { target, flags: values };
  },
  run: (plan, context) => look(plan, context).catch(neverOne),
});

/** Exit code 1 means changes here, so a failure is one of those that say that not everything was seen. */
function neverOne(error: unknown): never {
  if (!(error instanceof OperationError) || exitCodeOf(error) !== exitCode.failed) throw error;
  const { message, advice } = error;
  throw new PartialError(message, advice === undefined ? { cause: error } : { cause: error, advice });
}

async function look(plan: Plan, context: CommandContext): Promise<number> {
  const { io, signal } = context;
  const progress = createProgress(io);
  const api = await connect(io, context.global);
  try {
    const pod = await resolvePod(api, plan.target, signal);
    containersOf(pod, plan.flags.container);
    const opened = await openCase(io, { dir: plan.flags.case, target: plan.target.name });
    try {
      opened.custody.identify((await whoAmI(api, signal)).username);
      const diff = await onNode(api, opened, pod, plan, context, progress);
      await print(diff, plan, context, progress);
      await progress.note('Case', opened.dir);
      return diffExitCode(diff);
    } finally {
      await opened.close();
    }
  } finally {
    await api.close();
  }
}

function onNode(
  api: Api,
  opened: Case,
  pod: Pod,
  plan: Plan,
  { io, signal }: CommandContext,
  progress: Progress,
): Promise<PodDiff> {
  const node = pod.spec?.nodeName ?? '';
  if (node === '')
    throw new OperationError(`pod "${plan.target.name}" is not on a node yet: it has changed nothing`);
  const started = io.monotonic();
  return withCollector(
    api,
    io,
    {
      node,
      namespace: plan.flags['collector-namespace'],
      image: plan.flags['collector-image'] ?? collectorImage,
      pullSecret: plan.flags['collector-pull-secret'],
      subject: { uid: pod.metadata?.uid ?? '' },
      caseName: opened.name,
      signal,
    },
    async (collector) => {
      await progress.step('collector', `on ${node}`, io.monotonic() - started);
      const begun = io.monotonic();
      const diff = await acquire(opened, collector, pod, plan, signal);
      const names = diff.containers.map(({ name }) => name).join(', ');
      await progress.step('diff', names, io.monotonic() - begun, diffExitCode(diff) === 3 ? 'part' : 'done');
      return diff;
    },
  );
}

async function acquire(
  opened: Case,
  collector: Collector,
  pod: Pod,
  plan: Plan,
  signal: AbortSignal,
): Promise<PodDiff> {
  const acquisition = await opened.startAcquisition({
    kind: 'diff',
    target: plan.target.name,
    node: collector.identity.node,
    options: { containers: plan.flags.container },
    sensitive: mayHoldCredentials,
  });
  let diff: PodDiff;
  try {
    diff = await diffPod(collector, pod, { containers: plan.flags.container, sink: acquisition, signal });
    await acquisition.addFile('live_response/pod-diff.json', Buffer.from(JSON.stringify(diff)), {
      artifact: 'pod-diff',
      source: 'made from the items of this acquisition',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await acquisition.finish({ collector: collector.identity, outcome: 'partial', reason });
    throw error;
  }
  const blind = blindLines(diff);
  await acquisition.finish({
    collector: collector.identity,
    ...(blind.length === 0 ? { outcome: 'complete' } : { outcome: 'partial', reason: blind.join('; ') }),
  });
  return diff;
}

async function print(diff: PodDiff, plan: Plan, { io }: CommandContext, progress: Progress): Promise<void> {
  const { output, runtime } = plan.flags;
  for (const line of blindLines(diff)) await progress.warn(`not looked at: ${line}`);
  if (output === 'json' || output === 'yaml') await printData(io, diff, output);
  else if (output === 'name')
    for (const line of diffNames(diff, { runtime })) await writeLine(io.stdout, line);
  else await writeLine(io.stdout, changesTable(diff, { runtime, wide: output === 'wide' }));
}
