import { parseTarget, type Target } from '../cluster/target.ts';
import type { Lend } from '../collector/lent.ts';
import { undoCommand } from '../containment/isolation.ts';
import type { IsolationPlan, Wishes } from '../containment/plan.ts';
import { planFacts, tell, verdictText } from '../containment/present.ts';
import { refuseStops } from '../containment/refusal.ts';
import { type PackedCase, packCase } from '../evidence/archive.ts';
import type { Case } from '../evidence/case.ts';
import { sealCase } from '../evidence/seal.ts';
import { wholeDiff } from '../filesystem/diff-json.ts';
import { withDiffSpool } from '../filesystem/change-log.ts';
import { diffLines } from '../filesystem/present.ts';
import { exitCode, InterruptedError, OperationError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { quotedWord } from '../output/shell-word.ts';
import { formatSize } from '../output/size.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { confirmName, requireConsent } from './confirm.ts';
import { findingList, type Told } from './findings-output.ts';
import { caseFlags, changeFlags, collectorFlags } from './flags.ts';
import { onNodeOrByApi } from './on-node.ts';
import { respondByApi } from './response-by-api.ts';
import { respondTo, type Response, type ResponseRun } from './response.ts';
import { findInCase, urgentText } from './response-findings.ts';
import { planOne, showPlan } from './one-plan.ts';
import { rightsOf } from './rights.ts';
import { whereText } from './where.ts';
import { type CollectorAndProbes, withApi, withCase, withCollectorAndProbes } from './session.ts';
import { isolationFlags, wishesOf } from './wishes.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  ...changeFlags,
  ...isolationFlags,
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name'] },
} as const;

interface Plan {
  readonly target: Target;
  readonly flags: FlagValues<typeof flags>;
  readonly wishes: Wishes;
  /** When the command was given, by `io.monotonic()`. */
  readonly started: number;
}

/** A response that is agreed to, before its case is open. */
type Begun = Omit<ResponseRun, 'opened'>;

/** What stands at the end, for the answer. */
interface Outcome {
  readonly dir: string;
  readonly response: Response;
  readonly found?: Told;
  readonly sealed: boolean;
  readonly archive?: PackedCase;
  readonly failures: readonly string[];
}

/** `kubectl ir respond POD`: the whole job, from the first volatile byte to the packed case. */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => {
    const target = parseTarget(words);
    requireConsent(io, 'respond', values);
    return { target, flags: values, wishes: wishesOf(values), started: io.begun ?? io.monotonic() };
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { io, signal } = context;
      const progress = createProgress(io);
      const started = io.monotonic();
      const where = whereText(context.global, plan.flags);
      const { pod, isolation } = await planOne(api, context, {
        ...{ command: 'respond', target: plan.target, wishes: plan.wishes, where },
        collectorNamespace: plan.flags['collector-namespace'],
        required: (places) => [...rightsOf('snapshot', places), ...rightsOf('diff', places)],
      });
      if (plan.flags['dry-run'] !== 'none') return await showPlan(api, isolation, plan.flags, context);
      refuseStops(isolation, plan.flags['even-if']);
      await progress.step('preflight', 'rights, pod, node, plan', io.monotonic() - started);
      if (!plan.flags.yes) {
        await tell(progress, planFacts(isolation));
        await confirmName(io, 'Respond to this pod?', isolation.subject.name, signal);
      }
      return withDiffSpool(async (spool) => {
        let isolated = false;
        const run: Begun = {
          ...{ api, context, pod, plan: isolation, where, progress, spool },
          collectorNamespace: plan.flags['collector-namespace'],
          started: plan.started,
          evenIf: plan.flags['even-if'],
          isolated: () => (isolated = true),
        };
        const outcome = await work(run, plan.flags)
          .then((worked) => pack(worked, context, progress))
          .catch((error: unknown) => {
            throw isolated && signal.aborted ? stillIsolated(isolation, where, error) : error;
          });
        await answer(outcome, isolation, plan, context, progress);
        return codeOf(outcome);
      });
    }),
});

function work(run: Begun, values: FlagValues<typeof flags>): Promise<Outcome> {
  const { api, context, plan, progress } = run;
  return withCase(api, context, { dir: values.case, target: plan.subject.name }, async (opened) => {
    const response = await stages({ ...run, opened }, values);
    const { found, failures } = await findInCase(opened, context, progress);
    const unsealed = await seal(opened, context, progress);
    return {
      dir: opened.dir,
      response,
      ...(found === undefined ? {} : { found }),
      sealed: unsealed.length === 0,
      failures: [...response.failures, ...failures, ...unsealed],
    };
  });
}

/** The stages of a response; what is not gone of a collector at their end takes nothing from what they came to. */
async function stages(run: ResponseRun, values: FlagValues<typeof flags>): Promise<Response> {
  const { api, context, opened, plan, progress } = run;
  const { subject } = plan;
  const about = { subject, caseName: opened.name };
  const lend: Lend<CollectorAndProbes> = (use) => withCollectorAndProbes(api, context, values, about, use);
  const { result, left } = await onNodeOrByApi(context, progress, subject.node, lend, {
    onNode: (lent) => respondTo({ ...run, ...lent }),
    byApi: (why) => respondByApi(run, why),
  });
  if (left === undefined) return result;
  if (left.advice !== undefined) await progress.warn(left.advice);
  return { ...result, failures: [...result.failures, left.message] };
}

/** Seals the case; why it is not sealed, when it could not be: all that came is in it all the same. */
async function seal(opened: Case, { io, signal }: CommandContext, progress: Progress): Promise<string[]> {
  const started = io.monotonic();
  try {
    await sealCase(opened, signal);
    return [];
  } catch (error) {
    if (signal.aborted || !(error instanceof OperationError)) throw error;
    await progress.step('seal', error.message, io.monotonic() - started, 'fail');
    return [`seal: ${error.message}`];
  }
}

/** An interrupt after the isolation leaves it: the evidence may be incomplete, the pod is not open. */
function stillIsolated({ subject }: IsolationPlan, where: string, cause: unknown): InterruptedError {
  return new InterruptedError(
    `response to pod "${subject.name}" was interrupted; what still stands: its isolation`,
    { advice: `undo it, from any machine: ${undoCommand(subject, where)}`, cause },
  );
}

/** Packs a case that is sealed; when that fails the evidence is there all the same, and the failure is told. */
async function pack(worked: Outcome, { io, signal }: CommandContext, progress: Progress): Promise<Outcome> {
  if (!worked.sealed) return worked;
  const started = io.monotonic();
  try {
    const archive = await packCase(io, worked.dir, { format: 'tar.gz', signal });
    await progress.step('archive', `${formatSize(archive.size)}, sealed`, io.monotonic() - started);
    return { ...worked, archive };
  } catch (error) {
    if (signal.aborted || !(error instanceof OperationError)) throw error;
    await progress.step('archive', error.message, io.monotonic() - started, 'fail');
    return { ...worked, failures: [...worked.failures, `archive: ${error.message}`] };
  }
}

async function answer(
  { dir, response, found, archive, failures }: Outcome,
  { subject }: IsolationPlan,
  { flags: values }: Plan,
  { io, global }: CommandContext,
  progress: Progress,
): Promise<void> {
  const { output } = values;
  for (const failure of failures) await progress.warn(`not complete: ${failure}`);
  if (output === 'json' || output === 'yaml') {
    const { diff, ...stages } = response;
    const parts = {
      ...stages,
      ...(diff === undefined ? {} : { diff: await wholeDiff(diff) }),
      ...(found === undefined ? {} : { findings: findingList(found) }),
    };
    const data = { apiVersion: 'kubectl-ir/v1', kind: 'Response', case: dir, archive, ...parts, failures };
    await printData(io, data, output);
  } else if (output === 'name') {
    await writeLine(io.stdout, `pod/${subject.name}`);
  } else {
    const { isolation, diff } = response;
    if (isolation === undefined) await writeLine(io.stdout, `NOT ISOLATED   pod/${subject.name}`);
    else await writeLine(io.stdout, verdictText(isolation));
    if (diff !== undefined) for await (const line of diffLines(diff)) await writeLine(io.stdout, line);
    const urgent = found === undefined ? undefined : urgentText(found);
    if (urgent !== undefined) await writeLine(io.stdout, urgent);
  }
  await progress.note('Case', dir);
  if (found !== undefined && found.findings.length > 0)
    await progress.note(
      'Findings',
      `with evidence, doubt and next steps: kubectl ir findings ${quotedWord(dir)}`,
    );
  if (archive === undefined)
    await progress.note('To do', `seal and pack it: kubectl ir archive ${quotedWord(dir)}`);
  else await progress.note('Archive', `${archive.path}  sha256 ${archive.sha256}`);
  if (response.isolation !== undefined)
    await progress.note('Undo', undoCommand(subject, whereText(global, values)));
}

/** What was not contained comes first, then a verification that failed, then what is not whole. */
function codeOf({ response: { isolation }, failures }: Outcome): number {
  if (isolation === undefined) return exitCode.failed;
  if (isolation.verification.verdict === 'LEAKS') return exitCode.verification;
  return isolation.verification.verdict === 'HOLDS' && failures.length === 0
    ? exitCode.done
    : exitCode.partial;
}
