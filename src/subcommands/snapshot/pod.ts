import type { Pod } from '../../cluster/objects.ts';
import { parseTarget, resolvePod, type Target } from '../../cluster/target.ts';
import { type Choice, type Phase, podPhases, type Subject } from '../../evidence/phases.ts';
import { type DiffSpool, withDiffSpool } from '../../filesystem/change-log.ts';
import { wholeDiff } from '../../filesystem/diff-json.ts';
import { blindLines, changesText, diffLines } from '../../filesystem/present.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { createProgress } from '../../output/progress.ts';
import { defineCommand, type FlagValues } from '../command.ts';
import { acquireDiff } from '../diff/diff-acquisition.ts';
import { caseFlags, collectorFlags } from '../flags.ts';
import { rightsOf } from '../rights.ts';
import { requireRights, withApi, withCase } from '../session.ts';
import { allowOf } from './allow.ts';
import { choiceFlags, parseChoice } from './choice.ts';
import { collect, type Collection, type Taken } from './collect.ts';
import { snapshotData, tellCase, tellSnapshot } from './present.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  memory: {
    type: 'string',
    repeated: true,
    summary: 'take the memory of these processes, by their PIDs on the node, or of all of the pod',
    placeholder: 'PID|all',
  },
  ...choiceFlags,
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
} as const;

interface Plan {
  readonly target: Target;
  readonly phases: readonly Phase[];
  readonly choice: Choice;
  /** PIDs; empty for all. */
  readonly memory: readonly number[];
  readonly flags: FlagValues<typeof flags>;
}

/** `kubectl ir snapshot pod POD`: one pod's evidence from the side of its node, and what its containers changed. */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => {
    const target = parseTarget(words);
    if (target.resource !== 'pods') throw new UsageError(`snapshot pod takes a pod, not ${target.resource}`);
    const odd = values.memory.find((word) => word !== 'all' && !/^[1-9]\d{0,9}$/.test(word));
    if (odd !== undefined)
      throw new UsageError(`invalid argument "${odd}" for "--memory" flag: a PID on the node, or all`);
    const all = values.memory.includes('all');
    return {
      target,
      phases: values.memory.length === 0 ? podPhases.filter((phase) => phase !== 'memory') : podPhases,
      choice: parseChoice('full', values, io.now()),
      memory: all ? [] : values.memory.map(Number),
      flags: values,
    };
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      const collectorNamespace = plan.flags['collector-namespace'];
      const places = { namespace: api.namespace, collectorNamespace };
      await requireRights(api, context, 'snapshot', rightsOf('snapshot', places));
      const pod = await resolvePod(api, plan.target, context.signal);
      if (pod.spec?.nodeName === undefined)
        throw new OperationError(`pod "${plan.target.name}" is not on a node yet: there is nothing of it`);
      const opening = { dir: plan.flags.case, target: plan.target.name };
      return withCase(api, context, opening, (opened) =>
        withDiffSpool(async (spool) => {
          const progress = createProgress(context.io);
          const collection = { api, opened, context, flags: plan.flags, progress };
          const { taken, diff, failure } = await collectPod(collection, pod, plan, spool);
          await print(taken, diff, collection, plan);
          if (failure !== undefined) await progress.warn(`not complete: diff: ${failure}`);
          const whole =
            taken.acquisition.outcome === 'complete' && diff !== undefined && blindLines(diff).length === 0;
          return whole ? exitCode.done : exitCode.partial;
        }),
      );
    }),
});

interface PodTaken {
  readonly taken: Taken;
  readonly diff: PodDiff | undefined;
  readonly failure: string | undefined;
}

async function collectPod(collection: Collection, pod: Pod, plan: Plan, spool: DiffSpool): Promise<PodTaken> {
  const { opened, context, progress } = collection;
  const { io, signal } = context;
  const found: { diff?: PodDiff; failure?: string } = {};
  const taken = await collect(
    collection,
    {
      kind: 'pod',
      target: pod.metadata?.name ?? '',
      node: pod.spec?.nodeName ?? '',
      uid: pod.metadata?.uid ?? '',
      phases: plan.phases,
      choice: plan.choice,
      subject: { ...subjectOf(pod, plan.memory), pod },
      allow: allowOf(plan.flags.yes, context),
    },
    async (collector) => {
      const started = io.monotonic();
      try {
        found.diff = await acquireDiff(opened, collector, pod, { content: true, spool, signal });
        const state = blindLines(found.diff).length === 0 ? 'done' : 'part';
        await progress.step('diff', changesText(found.diff), io.monotonic() - started, state);
      } catch (error) {
        if (signal.aborted || !(error instanceof OperationError)) throw error;
        found.failure = error.message;
        await progress.step('diff', error.message, io.monotonic() - started, 'fail');
      }
    },
  );
  return { taken, diff: found.diff, failure: found.failure };
}

/** A pod as its node knows it: a static pod by the digest of its manifest, which its API object has as an annotation only. */
export function subjectOf(pod: Pod, memory: readonly number[]): Subject {
  const { namespace = '', name = '', annotations = {}, uid: given = '' } = pod.metadata ?? {};
  const uid = annotations['kubernetes.io/config.hash'] ?? given;
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {};
  const ids = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].flatMap(
    ({ containerID, lastState, state }) => [
      containerID,
      state?.terminated?.containerID,
      lastState?.terminated?.containerID,
    ],
  );
  const containers = ids.flatMap((id) => /^[a-z0-9.-]+:\/\/([0-9a-f]{64})$/.exec(id ?? '')?.[1] ?? []);
  return { uid, containers: [...new Set(containers)], logs: `${namespace}_${name}_${uid}`, memory };
}

async function print(
  taken: Taken,
  diff: PodDiff | undefined,
  { context, opened, progress }: Collection,
  { target, flags: { output, memory, since, 'max-size': size } }: Plan,
): Promise<void> {
  if (output === undefined) {
    await tellSnapshot(taken, context);
    if (diff !== undefined)
      for await (const line of diffLines(diff)) await writeLine(context.io.stdout, line);
  } else {
    const data = snapshotData('PodSnapshot', { pod: target.name }, taken, opened);
    const changes = diff === undefined ? {} : { diff: await wholeDiff(diff) };
    await printData(context.io, { ...data, ...changes }, output === 'json' ? 'json' : 'yaml');
  }
  if (diff !== undefined) for (const line of blindLines(diff)) await progress.warn(`not looked at: ${line}`);
  const again = [
    `pod ${target.name}`,
    ...memory.map((word) => `--memory ${word}`),
    ...(since === undefined ? [] : [`--since ${since}`]),
    ...(size === undefined ? [] : [`--max-size ${size}`]),
  ];
  await tellCase([taken], opened, again.join(' '), progress);
}
