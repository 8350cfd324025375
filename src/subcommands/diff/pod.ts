import type { Api } from '../../cluster/api.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Target } from '../../cluster/target.ts';
import { parseTarget, resolvePod } from '../../cluster/target.ts';
import type { Case } from '../../evidence/case.ts';
import { diffExitCode } from '../../filesystem/container-diff.ts';
import { containersOf } from '../../filesystem/container.ts';
import { blindLines, diffNames, changesTable } from '../../filesystem/present.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import type { Progress } from '../../output/progress.ts';
import { createProgress } from '../../output/progress.ts';
import type { CommandContext, FlagValues } from '../command.ts';
import { defineCommand } from '../command.ts';
import { caseFlags, collectorFlags, outputFlags } from '../flags.ts';
import { requireRights, withApi, withCase, withCollectorOn } from '../session.ts';
import { rightsOf } from '../rights.ts';
import { acquireDiff } from './diff-acquisition.ts';

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
  failureCode: exitCode.partial,
  run: (plan, context) =>
    withApi(context, async (api) => {
      const collectorNamespace = plan.flags['collector-namespace'];
      const places = { namespace: api.namespace, collectorNamespace };
      await requireRights(api, context, 'diff', rightsOf('diff', places));
      const pod = await resolvePod(api, plan.target, context.signal);
      containersOf(pod, plan.flags.container);
      if (pod.spec?.nodeName === undefined)
        throw new OperationError(`pod "${plan.target.name}" is not on a node yet: it has changed nothing`);
      const progress = createProgress(context.io);
      return withCase(api, context, { dir: plan.flags.case, target: plan.target.name }, async (opened) => {
        const diff = await look(api, opened, pod, plan, context, progress);
        await print(diff, plan, context, progress);
        await progress.note('Case', opened.dir);
        return diffExitCode(diff);
      });
    }),
});

function look(
  api: Api,
  opened: Case,
  pod: Pod,
  { flags: values }: Plan,
  context: CommandContext,
  progress: Progress,
): Promise<PodDiff> {
  const { io, signal } = context;
  const node = pod.spec?.nodeName ?? '';
  const about = { node, subject: { uid: pod.metadata?.uid ?? '' }, caseName: opened.name };
  const starting = io.monotonic();
  return withCollectorOn(api, context, values, about, async (collector) => {
    await progress.step('collector', `on ${node}`, io.monotonic() - starting);
    const started = io.monotonic();
    const diff = await acquireDiff(opened, collector, pod, { containers: values.container, signal });
    const names = diff.containers.map(({ name }) => name).join(', ');
    await progress.step('diff', names, io.monotonic() - started, diffExitCode(diff) === 3 ? 'part' : 'done');
    return diff;
  });
}

async function print(diff: PodDiff, plan: Plan, { io }: CommandContext, progress: Progress): Promise<void> {
  const { output, runtime } = plan.flags;
  for (const line of blindLines(diff)) await progress.warn(`not looked at: ${line}`);
  if (output === 'json' || output === 'yaml') await printData(io, diff, output);
  else if (output === 'name')
    for (const line of diffNames(diff, { runtime })) await writeLine(io.stdout, line);
  else await writeLine(io.stdout, changesTable(diff, { runtime, wide: output === 'wide' }));
}
