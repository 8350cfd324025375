import type { Api } from '../../cluster/api.ts';
import { readyNode } from '../../cluster/node.ts';
import { selectPods } from '../../cluster/selection.ts';
import { resolvePod } from '../../cluster/target.ts';
import type { Case } from '../../evidence/case.ts';
import { type DiffSpool, withDiffSpool } from '../../filesystem/change-log.ts';
import { diffExitCode } from '../../filesystem/container-diff.ts';
import { contentCaps } from '../../filesystem/contents.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { exitCode, PartialError } from '../../output/errors.ts';
import { formatSize } from '../../output/size.ts';
import { createProgress } from '../../output/progress.ts';
import { warnOf } from '../../output/warn.ts';
import type { CommandContext, FlagValues } from '../command.ts';
import { defineCommand } from '../command.ts';
import { caseFlags, collectorFlags, outputFlags } from '../flags.ts';
import { requireRights, withApi, withCase } from '../session.ts';
import { printDiffs } from './diff-output.ts';
import type { NodeWork, Subject } from './diff-subject.ts';
import { isMany, parseSubject, subjectName, subjectRights, workOf } from './diff-subject.ts';
import { lookOnNode } from './diff-work.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  ...outputFlags,
  container: {
    type: 'string',
    short: 'c',
    repeated: true,
    summary: 'container to look at; all of the pod if not given',
    placeholder: 'NAME',
  },
  selector: { type: 'string', short: 'l', summary: 'labels of the pods to look at', placeholder: 'SELECTOR' },
  previous: {
    type: 'boolean',
    short: 'p',
    summary: 'look at the instances before the last restart, of the containers that were restarted',
  },
  freeze: {
    type: 'boolean',
    summary:
      'stop the processes of the pod while it is looked at, for as long as no probe restarts a container',
  },
  node: {
    type: 'string',
    summary: 'node of a container that the API does not know; with --id',
    placeholder: 'NODE',
  },
  id: { type: 'string', summary: 'id of that container, or how it starts', placeholder: 'CONTAINERID' },
  content: {
    type: 'boolean',
    summary: `keep changed files in the case, both sides, and programs without a file: ${formatSize(contentCaps.file)} of one, ${formatSize(contentCaps.total)} and ${contentCaps.files} files in all`,
  },
  runtime: { type: 'boolean', summary: 'list entries that the container runtime made, too' },
} as const;

interface Plan {
  readonly subject: Subject;
  readonly flags: FlagValues<typeof flags>;
}

/** `kubectl ir diff pod POD`: what the containers of pods changed against their images; exit 0 nothing, 1 changes, 3 not all was seen. */
export const command = defineCommand({
  flags,
  complete: (words, values): Plan => ({ subject: parseSubject(words, values), flags: values }),
  failureCode: exitCode.partial,
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { subject } = plan;
      const places = {
        namespace: api.namespace,
        collectorNamespace: plan.flags['collector-namespace'],
        read: subjectRights(subject, api.namespace),
      };
      await requireRights(api, context, 'diff', places);
      const work = await findWork(api, plan, context);
      const opening = { dir: plan.flags.case, target: subjectName(subject) };
      return withCase(api, context, opening, (opened) =>
        withDiffSpool(async (spool) => {
          const progress = createProgress(context.io);
          const print = async (diffs: readonly PodDiff[]): Promise<void> => {
            await printDiffs(diffs, isMany(subject), plan.flags, context.io, progress);
            await progress.note('Case', opened.dir);
          };
          return lookEverywhere(api, opened, work, { plan, spool, print }, context);
        }),
      );
    }),
});

async function findWork(
  api: Api,
  { subject, flags: values }: Plan,
  { signal }: CommandContext,
): Promise<NodeWork[]> {
  if ('pods' in subject) {
    const { pods } = subject;
    const found =
      'target' in pods
        ? [await resolvePod(api, pods.target, signal)]
        : await selectPods(api, pods.selection, signal, { ended: true });
    return workOf(found, values);
  }
  await readyNode(api, subject.node, signal);
  return [subject];
}

/**
 * Node after node: each has a collector of its own, and all write into the same case. What was found is printed when the last was looked
 * at, while its collector goes away. Returns the exit code: a collector that could not be removed is told, and makes it 3.
 */
async function lookEverywhere(
  api: Api,
  opened: Case,
  work: readonly NodeWork[],
  {
    plan,
    spool,
    print,
  }: {
    readonly plan: Plan;
    readonly spool: DiffSpool;
    readonly print: (diffs: readonly PodDiff[]) => Promise<void>;
  },
  context: CommandContext,
): Promise<number> {
  const diffs: PodDiff[] = [];
  let left = 0;
  for (const [i, one] of work.entries()) {
    const isLast = i === work.length - 1;
    const seen = async (here: readonly PodDiff[]): Promise<void> => {
      diffs.push(...here);
      if (isLast) await print(diffs);
    };
    try {
      await lookOnNode(api, opened, one, { ...plan.flags, spool, goOn: isMany(plan.subject), seen }, context);
    } catch (error) {
      if (!(error instanceof PartialError) || isLast) throw error;
      await warnOf(error, createProgress(context.io));
      left = exitCode.partial;
    }
  }
  return Math.max(left, ...diffs.map(diffExitCode));
}
