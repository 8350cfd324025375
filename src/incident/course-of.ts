import { utcText } from '../artifacts/instant.ts';
import type { CustodyLine } from '../evidence/custody-line.ts';
import { isObject } from '../output/is-object.ts';
import { courseActions } from './course-acts.ts';
import { momentsOf, timesOf } from './course-moments.ts';
import {
  type Course,
  type Entry,
  type IncidentFacts,
  incidentPhases,
  type Moment,
  type PhaseMove,
  stepOutcomes,
  type StepRecord,
  type Task,
} from './course.ts';
import {
  type Fields,
  areOneOf,
  isOneOf,
  optional,
  optionalNumber,
  optionalTable,
  optionalTexts,
} from './fields.ts';

/** One line of custody as far as it is what it should be. */
interface Told {
  readonly time: string;
  readonly by: string;
  readonly line: number;
  readonly object: string;
  readonly result: string;
  readonly details: Fields;
}

/** A course while lines are read into it. */
interface Draft {
  facts: IncidentFacts;
  readonly moves: PhaseMove[];
  readonly tasks: Task[];
  readonly entries: Entry[];
  readonly steps: StepRecord[];
  held: Moment | undefined;
}

/** Reads a line into the course; false when it is not as it should be. */
type Reader = (draft: Draft, told: Told) => boolean;

const readers: Readonly<Record<string, Reader>> = {
  open: readOpen,
  isolate: readIsolate,
  remark: (draft, told) => readEntry(draft, told, 'remark', told.details['remark']),
  handover: readHandover,
  message: readMessage,
  [courseActions.facts]: readFacts,
  [courseActions.move]: readMove,
  [courseActions.task]: readTask,
  [courseActions.decision]: (draft, told) => readEntry(draft, told, 'decision', told.details['text']),
  [courseActions.step]: readStep,
};

/**
 * The course of an incident, from the lines of its custody in their order and from nothing else. Lines of other acts are
 * passed over; one that should tell of the course and has members of wrong types is left out and counted. Never throws.
 */
export function courseOf(lines: Iterable<CustodyLine>): Course {
  const draft: Draft = { facts: {}, moves: [], tasks: [], entries: [], steps: [], held: undefined };
  let malformed = 0;
  for (const line of lines as Iterable<unknown>) {
    const action = isObject(line) ? line['action'] : undefined;
    const read = typeof action === 'string' && Object.hasOwn(readers, action) ? readers[action] : undefined;
    if (read === undefined) {
      if (typeof action !== 'string') malformed += 1;
      continue;
    }
    const told = toldBy(line);
    if (told === undefined || !read(draft, told)) malformed += 1;
  }
  const { held, ...course } = draft;
  const moments = momentsOf(course.facts, course.moves, held);
  return { ...course, moments, times: timesOf(moments), malformed };
}

function toldBy(line: unknown): Told | undefined {
  if (!isObject(line)) return undefined;
  const { seq, time, actor, object, result, details = {} } = line;
  const utc = typeof time === 'string' ? utcText(time) : undefined;
  if (utc === undefined || typeof seq !== 'number' || !isObject(actor) || !isObject(details))
    return undefined;
  const { user, host } = actor;
  if (typeof user !== 'string' || typeof host !== 'string') return undefined;
  if (typeof object !== 'string' || typeof result !== 'string') return undefined;
  return { time: utc, by: `${user}@${host}`, line: seq, object, result, details };
}

/** The first line of a case opens the incident; a later one opens the case for more evidence. */
function readOpen({ moves }: Draft, { time, by, line }: Told): boolean {
  if (moves.length === 0) moves.push({ phase: 'open', time, by, line });
  return true;
}

function readIsolate(draft: Draft, { time, line, result }: Told): boolean {
  if (result === 'HOLDS') draft.held ??= { time, line, shown: 'isolation' };
  return true;
}

function readFacts(draft: Draft, { details }: Told): boolean {
  const texts = optional(details, 'severity', 'area', 'reporter', 'seen');
  const times = optional(details, 'began', 'detected');
  if (texts === undefined || times === undefined) return false;
  const { began, detected } = times;
  const utc = {
    ...(began === undefined ? {} : { began: utcText(began) }),
    ...(detected === undefined ? {} : { detected: utcText(detected) }),
  };
  if (Object.values(utc).includes(undefined)) return false;
  draft.facts = { ...draft.facts, ...texts, ...(utc as IncidentFacts) };
  return true;
}

function readMove({ moves }: Draft, { time, by, line, object, details }: Told): boolean {
  const texts = optional(details, 'decidedBy', 'why', 'plan');
  const lists = optionalTexts(details, 'skipped', 'confirmed');
  if (texts === undefined || lists === undefined || !isOneOf(incidentPhases, object)) return false;
  const { confirmed, skipped } = lists;
  if (skipped !== undefined && !areOneOf(incidentPhases, skipped)) return false;
  moves.push({
    phase: object,
    time,
    by,
    line,
    ...texts,
    ...(skipped === undefined ? {} : { skipped }),
    ...(confirmed === undefined ? {} : { confirmed }),
  });
  return true;
}

function readTask({ tasks, moves }: Draft, { time, by, result, details }: Told): boolean {
  const { id, text } = details;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return false;
  if (result === 'done') {
    const at = tasks.findIndex((task) => task.id === id && task.done === undefined);
    const task = tasks[at];
    if (task !== undefined) tasks[at] = { ...task, done: { time, by } };
    return task !== undefined;
  }
  const texts = optional(details, 'owner', 'due');
  if (result !== 'open' || typeof text !== 'string' || texts === undefined) return false;
  if (id !== nextTask(tasks)) return false;
  tasks.push({ id, text, phase: moves.at(-1)?.phase ?? 'open', ...texts, made: time });
  return true;
}

/** The number of the next task: they count from 1. */
export function nextTask(tasks: Course['tasks']): number {
  return tasks.length + 1;
}

function readEntry({ entries }: Draft, told: Told, kind: Entry['kind'], text: unknown): boolean {
  const { time, by, line, details } = told;
  const decided = kind === 'decision' ? optional(details, 'decidedBy') : {};
  if (typeof text !== 'string' || decided === undefined) return false;
  entries.push({ kind, time, by, line, text, ...decided });
  return true;
}

function readHandover(draft: Draft, told: Told): boolean {
  const { to } = told.details;
  const texts = optional(told.details, 'from', 'reason');
  if (typeof to !== 'string' || texts === undefined) return false;
  const { from, reason } = texts;
  const text = `${from === undefined ? '' : `from ${from} `}to ${to}${reason === undefined ? '' : `: ${reason}`}`;
  return readEntry(draft, told, 'handover', text);
}

/** A message that was sent, or was not; of its start there is nothing to tell yet. */
function readMessage(draft: Draft, told: Told): boolean {
  const { text } = told.details;
  if (typeof text !== 'string') return false;
  if (told.result === 'started') return true;
  return readEntry(draft, told, 'message', `to ${told.object}, ${told.result}: ${text}`);
}

function readStep({ steps }: Draft, { time, by, line, result, details }: Told): boolean {
  const { playbook, step } = details;
  const texts = optional(details, 'remark');
  const numbers = optionalNumber(details, 'exit');
  const lists = optionalTexts(details, 'command');
  const tables = optionalTable(details, 'filled');
  if (typeof playbook !== 'string' || typeof step !== 'string' || !isOneOf(stepOutcomes, result))
    return false;
  if (texts === undefined || numbers === undefined || lists === undefined || tables === undefined)
    return false;
  steps.push({ playbook, step, outcome: result, time, by, line, ...texts, ...lists, ...numbers, ...tables });
  return true;
}
