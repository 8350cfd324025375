import type { Pod } from '../../cluster/objects.ts';
import type { Api } from '../../cluster/api.ts';
import { selectPods } from '../../cluster/selection.ts';
import { parseTarget, resolvePod } from '../../cluster/target.ts';
import type { Case } from '../../evidence/case.ts';
import { type Choice, type Phase, podPhases, type Subject } from '../../evidence/phases.ts';
import { type DiffSpool, withDiffSpool } from '../../filesystem/change-log.ts';
import { wholeDiff } from '../../filesystem/diff-json.ts';
import { blindLines, changesText, diffLines } from '../../filesystem/present.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { bounded } from '../../output/bounded.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import { createProgress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import type { Choice as PodChoice } from '../choice.ts';
import { defineCommand, type FlagValues } from '../command.ts';
import { acquireDiff } from '../diff/diff-acquisition.ts';
import { caseFlags, collectorFlags } from '../flags.ts';
import { requireRights, withApi, withCase } from '../session.ts';
import { allowOf } from './allow.ts';
import { choiceFlags, parseChoice } from './choice.ts';
import { collect, type Collection, type Taken } from './collect.ts';
import { isWhole, named, snapshotData, tellCase, tellSnapshot } from './present.ts';
import { whereText } from '../where.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  memory: {
    type: 'string',
    repeated: true,
    summary: 'take the memory of these processes, by their PIDs on the node, or of all of the pod',
    placeholder: 'PID|all',
  },
  selector: { type: 'string', short: 'l', summary: 'all pods with these labels', placeholder: 'SELECTOR' },
  'all-namespaces': {
    type: 'boolean',
    short: 'A',
    summary: 'pods of all namespaces, with -l or all of them',
  },
  ...choiceFlags,
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
} as const;

/** Pods of which a snapshot is taken at the same time. */
const podsAtOnce = 4;

interface Plan {
  readonly pods: PodChoice;
  readonly phases: readonly Phase[];
  readonly choice: Choice;
  /** PIDs; empty for all. */
  readonly memory: readonly number[];
  readonly flags: FlagValues<typeof flags>;
}

/** `kubectl ir snapshot pod POD`: a pod's evidence from the side of its node, and what its containers changed. */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => {
    const pods = selectionOf(words, values);
    const odd = values.memory.find((word) => word !== 'all' && !/^[1-9]\d{0,9}$/.test(word));
    if (odd !== undefined)
      throw new UsageError(`invalid argument "${odd}" for "--memory" flag: a PID on the node, or all`);
    const all = values.memory.includes('all');
    if (values.memory.length > 0 && !all && 'selection' in pods)
      throw new UsageError('PIDs are of one node: give --memory all, or the name of a pod');
    return {
      pods,
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
      await requireRights(api, context, 'snapshot', places);
      const pods = await podsOf(api, plan.pods, context.signal);
      const opening = {
        dir: plan.flags.case,
        target: 'target' in plan.pods ? plan.pods.target.name : 'pods',
      };
      return withCase(api, context, opening, (opened) =>
        withDiffSpool(async (spool) => {
          const progress = createProgress(context.io);
          const collection = { api, opened, context, flags: plan.flags, progress };
          const all = await bounded(pods, podsAtOnce, (pod) => collectPod(collection, pod, plan, spool));
          await print(all, collection, plan);
          return all.every(isAllTaken) ? exitCode.done : exitCode.partial;
        }),
      );
    }),
});

/** The one pod that is named, or those with labels, or all. Throws UsageError. */
function selectionOf(
  words: readonly string[],
  { selector, 'all-namespaces': everywhere }: FlagValues<typeof flags>,
): PodChoice {
  if (selector !== undefined || everywhere) {
    if (words.length > 0) throw new UsageError('give the name of a pod, or -l and -A');
    return { selection: { by: 'selector', text: selector ?? '', everywhere } };
  }
  const target = parseTarget(words);
  if (target.resource !== 'pods') throw new UsageError(`snapshot pod takes a pod, not ${target.resource}`);
  return { target };
}

/** The pods that are on a node, whatever they say of themselves. */
async function podsOf(api: Api, choice: PodChoice, signal: AbortSignal): Promise<Pod[]> {
  const found =
    'target' in choice
      ? [await resolvePod(api, choice.target, signal)]
      : await selectPods(api, choice.selection, signal, { ended: true });
  const pods = found.filter(({ spec }) => spec?.nodeName !== undefined);
  if (pods.length > 0) return pods;
  const what = 'target' in choice ? `pod "${choice.target.name}" is` : 'none of these pods is';
  throw new OperationError(`${what} on a node yet: there is nothing to take`);
}

interface PodTaken {
  readonly pod: Pod;
  readonly taken: Taken;
  readonly diff: PodDiff | undefined;
  readonly failure: string | undefined;
}

function isAllTaken({ taken, diff }: PodTaken): boolean {
  return isWhole(taken) && diff !== undefined && blindLines(diff).length === 0;
}

async function collectPod(all: Collection, pod: Pod, plan: Plan, spool: DiffSpool): Promise<PodTaken> {
  const alone = 'target' in plan.pods;
  const collection = alone ? all : { ...all, progress: named(all.progress, labelOf(pod)) };
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
      allow: allowOf(plan.flags.yes, alone ? context : undefined),
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
  if (pod.spec?.hostNetwork === true && taken.summary.phases.some(({ phase }) => phase === 'sockets'))
    await progress.note(
      'Network',
      `${labelOf(pod)} is in that of its node: the sockets are those of the node`,
    );
  return { pod, taken, diff: found.diff, failure: found.failure };
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
  all: readonly PodTaken[],
  { api, context, opened, progress }: Collection,
  { pods, flags: values }: Plan,
): Promise<void> {
  const { io } = context;
  const alone = 'target' in pods;
  if (values.output === undefined)
    for (const { pod, taken, diff } of all) {
      await tellSnapshot(taken, context, alone ? '' : `${labelOf(pod)}   `);
      if (diff !== undefined) for await (const line of diffLines(diff)) await writeLine(io.stdout, line);
    }
  else {
    const items = await Promise.all(all.map((one) => podData(one, opened)));
    const list = { apiVersion: 'kubectl-ir/v1', kind: 'PodSnapshotList', items };
    await printData(io, alone ? (items[0] ?? list) : list, values.output === 'json' ? 'json' : 'yaml');
  }
  for (const { pod, diff, failure } of all) {
    const label = alone ? '' : `${labelOf(pod)}: `;
    if (diff !== undefined)
      for (const line of blindLines(diff)) await progress.warn(`${label}not looked at: ${line}`);
    if (failure !== undefined) await progress.warn(`${label}not complete: diff: ${failure}`);
  }
  const takens = all.map(({ taken }) => taken);
  const words = againWords(pods, values, api.namespace) + whereText(context.global, values);
  await tellCase(takens, opened, words, progress);
}

async function podData(
  { pod, taken, diff }: PodTaken,
  opened: Case,
): Promise<Readonly<Record<string, unknown>>> {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const data = snapshotData('PodSnapshot', { pod: name, namespace }, taken, opened);
  return diff === undefined ? data : { ...data, diff: await wholeDiff(diff) };
}

/** The words and flags that say what is taken, to be given again. */
function againWords(pods: PodChoice, values: FlagValues<typeof flags>, namespace: string): string {
  const { selector, memory, since, 'max-size': size } = values;
  return [
    'pod',
    ...('target' in pods ? [pods.target.name] : []),
    ...(selector === undefined ? [] : [`-l ${quotedWord(selector)}`]),
    values['all-namespaces'] ? '-A' : `-n ${namespace}`,
    ...memory.map((word) => `--memory ${word}`),
    ...(since === undefined ? [] : [`--since ${since}`]),
    ...(size === undefined ? [] : [`--max-size ${size}`]),
    ...(values['include-secrets'] ? ['--include-secrets'] : []),
  ].join(' ');
}

function labelOf({ metadata }: Pod): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}
