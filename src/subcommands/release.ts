import { resolve } from 'node:path';
import type { Api } from '../cluster/api.ts';
import { parseTarget } from '../cluster/target.ts';
import { type CaseIsolation, isolationsOfCase } from '../containment/case-isolation.ts';
import { chooseRecord } from '../containment/chosen-record.ts';
import { driftOf } from '../containment/drift.ts';
import { isUid } from '../containment/names.ts';
import { tell } from '../containment/present.ts';
import type { FoundRecord } from '../containment/record.ts';
import { type Release, release } from '../containment/release.ts';
import { detachedFacts } from '../containment/release-facts.ts';
import { parseSelector } from '../containment/selector-text.ts';
import { type OnNode, withSharedCollector } from '../containment/shared-collector.ts';
import type { Case } from '../evidence/case.ts';
import { noCaseAt } from '../evidence/case-record.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { warnOf } from '../output/warn.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { confirmName, requireConsent } from './confirm.ts';
import { releaseGroup } from './release-group.ts';
import { releaseFlags, type ReleasePlan, sayRelease, withOpened } from './release-plan.ts';
import { undoRights } from './rights/acts.ts';
import { requireRights, withApi, withCollectorOn } from './session.ts';
import { whereText } from './where.ts';

/** `kubectl ir release POD|UID|CASE|node/NODE`: undoes isolations from their records. */
export const command = defineCommand({
  flags: releaseFlags,
  complete: async (words, values, { io }): Promise<ReleasePlan> => {
    const plan = await planOf(words, values, values.case ?? io.env['KUBECTL_IR_CASE']);
    requireConsent(io, 'release', values);
    return plan;
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { choice } = plan;
      if (choice.by === 'word') return releaseOne(api, context, choice.word, undefined, plan);
      const [only, ...more] = choice.by === 'case' ? choice.known : [];
      if (only !== undefined && more.length === 0) return releaseOne(api, context, only.uid, only, plan);
      return releaseGroup(api, context, plan);
    }),
});

/** Several isolations by a selector, a case or a node, or one by its pod. */
async function planOf(
  words: readonly string[],
  values: ReleasePlan['flags'],
  dir: string | undefined,
): Promise<ReleasePlan> {
  if (values.selector !== undefined) {
    if (words.length > 0) throw new UsageError('give one of POD, CASE and --selector');
    return { choice: { by: 'selector', selector: parseSelector(values.selector) }, dir, flags: values };
  }
  const [first] = words;
  if (words.length === 1 && first !== undefined) {
    const known = isUid(first) ? undefined : await isolationsOfCase(first);
    if (known !== undefined) return { choice: { by: 'case', known }, dir: first, flags: values };
    if (/^[./~]/.test(first)) throw noCaseAt(resolve(first));
  }
  const { resource, name } = parseTarget(words);
  if (resource === 'nodes') return { choice: { by: 'node', node: name }, dir, flags: values };
  if (resource !== 'pods')
    throw new UsageError('release takes a pod, its uid, node/NODE or the directory of a case');
  return { choice: { by: 'word', word: name }, dir, flags: values };
}

async function releaseOne(
  api: Api,
  context: CommandContext,
  word: string,
  known: CaseIsolation | undefined,
  plan: ReleasePlan,
): Promise<number> {
  const { io, signal } = context;
  const progress = createProgress(io);
  const collectorNamespace = plan.flags['collector-namespace'];
  const where = { namespace: api.namespace, collectorNamespace, spare: known?.record, signal };
  const found = await chooseRecord(api, word, where);
  const { pod } = found.record;
  const places = { namespace: pod.namespace, collectorNamespace };
  await requireRights(api, context, 'release', places, undoRights(found.record.acts, places));
  const drift = await driftOf(api, found, signal);
  await sayRelease(found, drift, known, plan, progress);
  if (plan.flags['dry-run'] !== 'none') return exitCode.done;
  if (!plan.flags.yes) await confirmName(io, 'Release this pod?', pod.name, signal);
  return withOpened(api, context, plan, pod.name, (opened) =>
    act(api, context, plan, { found, drift, progress, opened }),
  );
}

/** An isolation that is to be released, and where that is told. */
interface Standing {
  readonly found: FoundRecord;
  /** What others changed since. */
  readonly drift: readonly string[];
  readonly progress: Progress;
  /** The case that it goes on record in, when there is one. */
  readonly opened: Case | undefined;
}

async function act(
  api: Api,
  context: CommandContext,
  plan: ReleasePlan,
  { found, drift, progress, opened }: Standing,
): Promise<number> {
  const { uid } = found.record.pod;
  const about = { subject: { uid }, ...(opened === undefined ? {} : { caseName: opened.name }) };
  const onNode: OnNode = (node, use) => withCollectorOn(api, context, plan.flags, { ...about, node }, use);
  const { result: done, left } = await withSharedCollector(onNode, progress, (shared) =>
    release(api, context.io, found, {
      collectorNamespace: plan.flags['collector-namespace'],
      where: whereText(context.global, plan.flags),
      giveBack: plan.flags.return,
      drift,
      onNode: (node, use) => shared.lend(node, use),
      ...(opened === undefined ? {} : { custody: (line) => opened.custody.append(line) }),
      progress,
      signal: context.signal,
    }),
  );
  await answer(done, plan, context);
  if (done.complete && !plan.flags.return) await tell(progress, detachedFacts(found.record));
  await warnOf(left, progress);
  return done.complete && left === undefined ? exitCode.done : exitCode.partial;
}

async function answer(done: Release, plan: ReleasePlan, { io }: CommandContext): Promise<void> {
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
