import type { Act, CustodyLine } from '../evidence/custody-line.ts';
import { openCase } from '../evidence/case.ts';
import { readCustody } from '../evidence/custody-log.ts';
import { shortWait } from '../evidence/lock.ts';
import type { Io } from '../output/io.ts';
import { courseOf } from './course-of.ts';
import type { Course } from './course.ts';

/** The course of a case, and the lines of custody that tell it. */
export interface CourseReading {
  readonly course: Course;
  readonly lines: readonly CustodyLine[];
  /** What is wrong with the chain; nothing behind that place was read. */
  readonly broken?: string;
}

/** The course of a case as its custody tells it, as far as the chain holds. */
export async function readCourse(dir: string): Promise<CourseReading> {
  const lines: CustodyLine[] = [];
  const { broken } = await readCustody(dir, (line) => lines.push(line));
  return { course: courseOf(lines), lines, ...(broken === undefined ? {} : { broken }) };
}

/** What was recorded, and where. */
export interface Recorded {
  readonly caseName: string;
  /** Line of custody of the last act, and its digest. */
  readonly line: number;
  readonly digest: string;
  /** The course with the acts in it. */
  readonly course: Course;
}

/**
 * Records acts of people in an existing case, beside its seal when it has one. `acts` follow from the course as it is while
 * nobody else can write; what it throws leaves custody as it was. Throws OperationError when there is no case, its chain is
 * broken, or somebody else held it all the time.
 */
export async function recordInCase(
  io: Io,
  dir: string,
  signal: AbortSignal,
  acts: (course: Course, caseName: string) => readonly Act[],
): Promise<Recorded> {
  const opened = await openCase(io, { dir, target: '', create: false, wait: shortWait(signal) });
  try {
    const { custody, name } = opened;
    for (const act of acts((await readCourse(dir)).course, name)) await custody.appendAfterSeal(act);
    const { seq, digest } = custody.head;
    return { caseName: name, line: seq, digest, course: (await readCourse(dir)).course };
  } finally {
    await opened.close();
  }
}
