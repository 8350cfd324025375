import type { Act } from '../evidence/custody-line.ts';
import type { IncidentFacts, PhaseMove, StepRecord, Task } from './course.ts';

/** Verbs of custody that tell of the course of an incident, beside `open`, `isolate`, `remark`, `handover` and `message`. */
export const courseActions = {
  facts: 'incident',
  move: 'move',
  task: 'task',
  decision: 'decide',
  step: 'step',
} as const;

/** What is said of an incident; members that are not there stay as they were. */
export function factsAct(caseName: string, facts: IncidentFacts): Act {
  return { action: courseActions.facts, object: caseName, result: 'done', details: { ...facts } };
}

/** A move into a phase. */
export function moveAct({
  phase,
  ...details
}: Pick<PhaseMove, 'phase' | 'decidedBy' | 'why' | 'skipped' | 'confirmed' | 'plan'>): Act {
  return { action: courseActions.move, object: phase, result: 'done', details: { ...details } };
}

/** A task with its number, which the reader gives it too. */
export function taskAct({ id, ...details }: Pick<Task, 'id' | 'text' | 'owner' | 'due'>): Act {
  return { action: courseActions.task, object: `task/${id}`, result: 'open', details: { id, ...details } };
}

/** A task was done. */
export function taskDoneAct(id: number): Act {
  return { action: courseActions.task, object: `task/${id}`, result: 'done', details: { id } };
}

/** What somebody noted. */
export function remarkAct(caseName: string, remark: string): Act {
  return { action: 'remark', object: caseName, result: 'done', details: { remark } };
}

/** The case, or the lead of its incident, goes from one person to another; `more` is what else is known of it. */
export function handoverAct(
  caseName: string,
  who: { readonly to: string; readonly from?: string; readonly reason?: string },
  more: Readonly<Record<string, string>> = {},
): Act {
  return { action: 'handover', object: caseName, result: 'done', details: { ...who, ...more } };
}

/** A decision of people. */
export function decisionAct(caseName: string, text: string, decidedBy?: string): Act {
  const details = { text, ...(decidedBy === undefined ? {} : { decidedBy }) };
  return { action: courseActions.decision, object: caseName, result: 'done', details };
}

/** What came of a step of a playbook. */
export function stepAct(step: Omit<StepRecord, 'time' | 'by' | 'line'>): Act {
  const { outcome, ...details } = step;
  return {
    action: courseActions.step,
    object: `playbook/${step.playbook} step ${step.step}`,
    result: outcome,
    details: { ...details },
  };
}
