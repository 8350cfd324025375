import type { Course } from '../../course.ts';
import { excerpt } from '../excerpt.ts';
import type { CourseFacts } from '../facts/course.ts';

const mostOfEach = 100;

/** The course of an incident as far as a report tells it. Open tasks come first: they are what is left to do. */
export function courseFacts(course: Course, caseName: string): CourseFacts {
  const { facts, moves, tasks, entries, steps, moments, times } = course;
  const open = tasks.filter(({ done }) => done === undefined);
  const inOrder = [...open, ...tasks.filter(({ done }) => done !== undefined)];
  const command = `kubectl ir case log ${caseName}`;
  return {
    facts,
    moves: excerpt(moves, mostOfEach, command),
    tasks: excerpt(inOrder, mostOfEach, `kubectl ir case show ${caseName}`),
    openTasks: open.length,
    entries: excerpt(entries, mostOfEach, command),
    steps: excerpt(steps, mostOfEach, command),
    moments,
    times,
  };
}
