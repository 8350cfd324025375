import type { Course, IncidentFacts, PhaseMove, StepRecord, Task } from './course.ts';

/** Where an incident stands: what `case show` tells of its course. */
export interface IncidentStatus extends IncidentFacts, Pick<Course, 'moments' | 'times' | 'malformed'> {
  /** Missing where custody has not one line that can be read. */
  readonly phase?: PhaseMove;
  readonly openTasks: readonly Task[];
  readonly doneTasks: number;
  /** The newest step of each playbook that was run, as custody has it. */
  readonly playbooks: readonly Pick<StepRecord, 'playbook' | 'step' | 'outcome' | 'time' | 'by' | 'line'>[];
}

/** The state of an incident after its course. */
export function incidentStatus(course: Course): IncidentStatus {
  const { facts, moves, tasks, steps, moments, times, malformed } = course;
  const phase = moves.at(-1);
  const openTasks = tasks.filter(({ done }) => done === undefined);
  return {
    ...facts,
    ...(phase === undefined ? {} : { phase }),
    openTasks,
    doneTasks: tasks.length - openTasks.length,
    playbooks: newest(steps),
    moments,
    times,
    malformed,
  };
}

function newest(steps: readonly StepRecord[]): IncidentStatus['playbooks'] {
  const last = new Map(steps.map((record) => [record.playbook, record]));
  return Array.from(last.values(), ({ playbook, step, outcome, time, by, line }) => ({
    playbook,
    step,
    outcome,
    time,
    by,
    line,
  }));
}
