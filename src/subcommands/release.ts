import { createHash } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import { parseTarget } from '../cluster/target.ts';
import { type CaseIsolation, isolationOfCase } from '../containment/case-isolation.ts';
import { chooseRecord } from '../containment/chosen-record.ts';
import { isUid } from '../containment/names.ts';
import type { FoundRecord } from '../containment/record.ts';
import { type Release, release } from '../containment/release.ts';
import type { Case } from '../evidence/case.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { confirmName, requireConsent } from './confirm.ts';
import { caseFlags, changeFlags, collectorFlags } from './flags.ts';
import { requireRights, withApi, withCase, withCollectorOn } from './session.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  ...changeFlags,
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
      const where = { namespace: api.namespace, collectorNamespace, signal };
      const found = await chooseRecord(api, plan.word, where);
      const { pod } = found.record;
      await requireRights(api, context, 'release', { namespace: pod.namespace, collectorNamespace });
      await describe(found, plan, progress);
      if (plan.flags['dry-run'] !== 'none') return exitCode.done;
      if (!plan.flags.yes) await confirmName(io, 'Release this pod?', pod.name, signal);
      if (plan.dir === undefined) return act(api, found, plan, context, progress);
      const options = { dir: plan.dir, target: pod.name, create: false };
      return withCase(api, context, options, (opened) => act(api, found, plan, context, progress, opened));
    }),
});

async function describe({ record, ticks }: FoundRecord, plan: Plan, progress: Progress): Promise<void> {
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
  const detached = record.acts.find((act) => act.kind === 'detach')?.labels ?? {};
  const labels = Object.entries(detached).map(([key, value]) => `${key}=${value}`);
  const back = labels.length === 0 ? [] : [`labels ${labels.join(', ')} back on the pod`];
  await progress.note('Plan', ['link open', 'policy removed', 'our label removed', ...back].join('; '));
}

async function act(
  api: Api,
  found: FoundRecord,
  plan: Plan,
  context: CommandContext,
  progress: Progress,
  opened?: Case,
): Promise<number> {
  const { uid } = found.record.pod;
  const about = { subject: { uid }, ...(opened === undefined ? {} : { caseName: opened.name }) };
  const done = await release(api, context.io, found, {
    collectorNamespace: plan.flags['collector-namespace'],
    onNode: (node, use) => withCollectorOn(api, context, plan.flags, { ...about, node }, use),
    ...(opened === undefined ? {} : { custody: (line) => opened.custody.append(line) }),
    progress,
    signal: context.signal,
  });
  await answer(done, plan, context);
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
