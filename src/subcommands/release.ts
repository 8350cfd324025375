import { createHash } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import { parseTarget } from '../cluster/target.ts';
import { type CaseIsolation, isolationOfCase } from '../containment/case-isolation.ts';
import { chooseRecord } from '../containment/chosen-record.ts';
import { driftOf } from '../containment/drift.ts';
import { isUid } from '../containment/names.ts';
import type { FoundRecord } from '../containment/record.ts';
import { tell } from '../containment/present.ts';
import { type Release, release } from '../containment/release.ts';
import { detachedFacts, releaseFacts } from '../containment/release-facts.ts';
import type { Case } from '../evidence/case.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { confirmName, requireConsent } from './confirm.ts';
import { caseFlags, changeFlags, collectorFlags } from './flags.ts';
import { undoRights } from './rights.ts';
import { requireRights, withApi, withCase, withCollectorOn } from './session.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  ...changeFlags,
  return: {
    type: 'boolean',
    summary: 'give the pod back to its owner and its Services; without it the pod stays detached',
  },
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name'] },
} as const;

interface Plan {
  /** A pod's name or uid. */
  readonly word: string;
  /** Directory of the case to write custody lines to. */
  readonly dir: string | undefined;
  readonly known: CaseIsolation | undefined;
  readonly flags: FlagValues<typeof flags>;
}

/** `kubectl ir release POD|UID|CASE`: undoes an isolation from its record. */
export const command = defineCommand({
  flags,
  complete: async (words, values, { io }): Promise<Plan> => {
    requireConsent(io, 'release', values);
    const [first] = words;
    if (words.length === 1 && first !== undefined) {
      const known = isUid(first) ? undefined : await isolationOfCase(first);
      if (known !== undefined) return { word: known.uid, dir: first, known, flags: values };
    }
    const target = parseTarget(words);
    if (target.resource !== 'pods')
      throw new UsageError('release takes a pod, its uid or the directory of a case');
    const dir = values.case ?? io.env['KUBECTL_IR_CASE'];
    return { word: target.name, dir, known: undefined, flags: values };
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { io, signal } = context;
      const progress = createProgress(io);
      const collectorNamespace = plan.flags['collector-namespace'];
      const spare = plan.known?.record;
      const where = { namespace: api.namespace, collectorNamespace, spare, signal };
      const found = await chooseRecord(api, plan.word, where);
      const { pod } = found.record;
      const places = { namespace: pod.namespace, collectorNamespace };
      await requireRights(api, context, 'release', undoRights(found.record.acts, places));
      const drift = await driftOf(api, found, signal);
      await describe(found, drift, plan, progress);
      if (plan.flags['dry-run'] !== 'none') return exitCode.done;
      if (!plan.flags.yes) await confirmName(io, 'Release this pod?', pod.name, signal);
      if (plan.dir === undefined) return act(api, found, drift, plan, context, progress);
      const options = { dir: plan.dir, target: pod.name, create: false };
      return withCase(api, context, options, (opened) =>
        act(api, found, drift, plan, context, progress, opened),
      );
    }),
});

async function describe(
  { record, ticks }: FoundRecord,
  drift: readonly string[],
  plan: Plan,
  progress: Progress,
): Promise<void> {
  const { pod } = record;
  await progress.note(
    'Pod',
    `${pod.name} in namespace ${pod.namespace}, isolated ${record.created} on ${pod.node}`,
  );
  await progress.note(
    'Record',
    record.acts.map(({ kind }) => `${kind} ${ticks.get(kind) ?? 'not ticked off'}`).join(', '),
  );
  const digest = createHash('sha256').update(JSON.stringify(record)).digest('hex');
  if (plan.known?.recordSha256 !== undefined && plan.known.recordSha256 !== digest) {
    await progress.warn(
      'the record in the cluster is not the one that the case tells of; somebody changed it',
    );
  }
  for (const [index, text] of drift.entries()) await progress.note(index === 0 ? 'Drift' : '', text);
  await tell(progress, releaseFacts(record, plan.flags.return));
}

async function act(
  api: Api,
  found: FoundRecord,
  drift: readonly string[],
  plan: Plan,
  context: CommandContext,
  progress: Progress,
  opened?: Case,
): Promise<number> {
  const { uid } = found.record.pod;
  const about = { subject: { uid }, ...(opened === undefined ? {} : { caseName: opened.name }) };
  const done = await release(api, context.io, found, {
    collectorNamespace: plan.flags['collector-namespace'],
    giveBack: plan.flags.return,
    drift,
    onNode: (node, use) => withCollectorOn(api, context, plan.flags, { ...about, node }, use),
    ...(opened === undefined ? {} : { custody: (line) => opened.custody.append(line) }),
    progress,
    signal: context.signal,
  });
  await answer(done, plan, context);
  if (done.complete && !plan.flags.return) await tell(progress, detachedFacts(found.record));
  return done.complete ? exitCode.done : exitCode.partial;
}

async function answer(done: Release, plan: Plan, { io }: CommandContext): Promise<void> {
  const { output } = plan.flags;
  if (output === 'json' || output === 'yaml') await printData(io, done, output);
  else if (output === 'name') await writeLine(io.stdout, `pod/${done.pod.name}`);
  else if (done.complete) await writeLine(io.stdout, `pod/${done.pod.name} released`);
  else {
    const left = done.steps.filter((one) => !one.done).map((one) => one.name);
    await writeLine(
      io.stdout,
      `pod/${done.pod.name} not wholly released: ${left.join(', ')}; the record stays`,
    );
  }
}
