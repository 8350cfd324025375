import type { Course, IncidentFacts, PhaseMove, Task } from './course.ts';

/** Where an incident stands: what `case show` tells of its course. */
export interface IncidentStatus extends IncidentFacts, Pick<Course, 'moments' | 'times' | 'malformed'> {
  /** Missing where custody has not one line that can be read. */
  readonly phase?: PhaseMove;
  readonly openTasks: readonly Task[];
  readonly doneTasks: number;
}

/** The state of an incident after its course. */
export function incidentStatus({ facts, moves, tasks, moments, times, malformed }: Course): IncidentStatus {
  const phase = moves.at(-1);
  const openTasks = tasks.filter(({ done }) => done === undefined);
  return {
    ...facts,
    ...(phase === undefined ? {} : { phase }),
    openTasks,
    doneTasks: tasks.length - openTasks.length,
    moments,
    times,
    malformed,
  };
}
