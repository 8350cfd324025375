import type { Course, Entry, IncidentFacts, PhaseMove, StepRecord, Task } from '../../course.ts';
import type { Excerpt } from '../excerpt.ts';

/** The course of the incident as custody tells it; times in seconds. */
export interface CourseFacts {
  readonly facts: IncidentFacts;
  readonly moves: Excerpt<PhaseMove>;
  readonly tasks: Excerpt<Task>;
  readonly openTasks: number;
  readonly entries: Excerpt<Entry>;
  readonly steps: Excerpt<StepRecord>;
  readonly moments: Course['moments'];
  readonly times: Course['times'];
}
