import { nearestName } from '../../cluster/nearest.ts';
import { readCaseStatus } from '../../evidence/case-status.ts';
import { readCourse, recordInCase } from '../../incident/case-course.ts';
import { moveAct } from '../../incident/course-acts.ts';
import { type Course, type IncidentPhase, incidentPhases } from '../../incident/course.ts';
import { isOneOf } from '../../incident/fields.ts';
import { phaseStep } from '../../incident/phase-step.ts';
import { decisionOn } from '../../incident/plan/decider.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { caseAndWord, oneLine } from '../case-word.ts';
import { defineCommand } from '../command.ts';
import { planFlags } from '../plan-flags.ts';
import { planIfAny } from '../plan-in-use.ts';
import { confirmAll, deciderOf, questionsOf } from './move-checks.ts';

/** `kubectl ir case move CASE PHASE`: moves an incident into a phase, as far as the plan lets it, and records who decided. */
export const command = defineCommand({
  flags: {
    'decided-by': { type: 'string', summary: 'who decided (default: you)', placeholder: 'WHO' },
    why: { type: 'string', summary: 'reason, for those who read it later', placeholder: 'TEXT' },
    yes: { type: 'boolean', short: 'y', summary: 'do not ask: what is asked is so' },
    ...planFlags,
  },
  choices: { PHASE: incidentPhases },
  complete: (words, flags, { io }) => {
    const { dir, word } = caseAndWord(io, 'case move', 'PHASE', words);
    const { yes, plan } = flags;
    const said = {
      decidedBy: oneLine('--decided-by', flags['decided-by']),
      why: oneLine('--why', flags.why),
    };
    return { dir, phase: phaseCalled(word), yes, plan, ...said };
  },
  run: async ({ dir, phase, yes, plan: given, decidedBy, why }, { io, signal }) => {
    const { name } = await readCaseStatus(dir);
    const { course } = await readCourse(dir);
    const step = phaseStep(course, phase);
    const last = course.moves.at(-1);
    if (step === undefined)
      throw new OperationError(
        `the incident is in ${phase} already, since ${last?.time ?? 'its beginning'} by ${last?.by ?? 'nobody'}`,
      );
    const inUse = await planIfAny(io, given);
    const rule = inUse === undefined ? undefined : decisionOn(inUse.plan, phase);
    const decider =
      inUse === undefined || rule === undefined
        ? decidedBy
        : await deciderOf(io, inUse, rule.by, phase, decidedBy);
    const before = rule?.before ?? [];
    await confirmAll(io, questionsOf(step, phase, before), yes, signal);
    const after = await recordInCase(io, dir, signal, ({ moves }) => {
      const meanwhile = moves.length === course.moves.length ? undefined : moves.at(-1);
      if (meanwhile !== undefined)
        throw new OperationError(`${meanwhile.by} moved the incident to ${meanwhile.phase} meanwhile`, {
          advice: 'look at it with kubectl ir case show, then decide again',
        });
      const details = {
        phase,
        ...(decider === undefined ? {} : { decidedBy: decider }),
        ...(why === undefined ? {} : { why }),
        ...(step.skipped.length === 0 ? {} : { skipped: step.skipped }),
        ...(before.length === 0 ? {} : { confirmed: before }),
        ...(inUse === undefined ? {} : { plan: inUse.digest }),
      };
      return [moveAct(details)];
    });
    await writeLine(io.stdout, `case/${name} moved from ${step.from} to ${phase}`);
    if (phase === 'close' || phase === 'review') await remind(io, dir, after.course);
    return exitCode.done;
  },
});

function phaseCalled(word: string): IncidentPhase {
  if (isOneOf(incidentPhases, word)) return word;
  const near = nearestName(word, incidentPhases);
  throw new UsageError(
    `"${word}" is no phase${near === undefined ? '' : `; nearest: ${near}`}; phases are ${incidentPhases.join(', ')}`,
  );
}

/** What is still to be done at the end of an incident. */
async function remind(io: Io, dir: string, { tasks }: Course): Promise<void> {
  const progress = createProgress(io);
  const open = tasks.filter(({ done }) => done === undefined).length;
  if (open > 0) await progress.warn(`tasks that are open: ${open}; see: kubectl ir case task CASE`);
  const { state } = await readCaseStatus(dir);
  if (state !== 'closed')
    await progress.note('Evidence', `${state}; to seal it for good: kubectl ir case close CASE`);
}
