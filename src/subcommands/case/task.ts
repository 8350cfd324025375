import { readCaseStatus } from '../../evidence/case-status.ts';
import { readCourse, recordInCase } from '../../incident/case-course.ts';
import { taskAct, taskDoneAct } from '../../incident/course-acts.ts';
import { nextTask } from '../../incident/course-of.ts';
import type { Course, Task } from '../../incident/course.ts';
import { exitCode, OperationError, UsageError, VerificationError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { renderTable } from '../../output/table.ts';
import { caseWord, oneLine, refuseLoneText } from '../case-word.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { futureFlag } from '../time-flag.ts';

type NewTask = Pick<Task, 'text' | 'owner' | 'due'>;

/** `kubectl ir case task CASE [TEXT | --done N]`: who has to do what until when. Lists all tasks without either. */
export const command = defineCommand({
  flags: {
    done: { type: 'number', summary: 'record that the task with this number is done', placeholder: 'N' },
    owner: { type: 'string', summary: 'who does it', placeholder: 'WHO' },
    due: { type: 'string', summary: 'until when: RFC 3339, or from now as 30m, 4h, 2d', placeholder: 'TIME' },
  },
  complete: async (words, { done, owner, due }, { io }) => {
    await refuseLoneText(io, words, 'kubectl ir case task "$KUBECTL_IR_CASE" "TEXT"');
    const [text, ...more] = words.slice(1);
    if (more.length > 0 || (text !== undefined && done !== undefined))
      throw new UsageError(
        'case task takes one text in quotes, or --done N: kubectl ir case task CASE "TEXT"',
      );
    const added =
      text === undefined ? undefined : newTask(text, oneLine('--owner', owner), futureFlag(io, 'due', due));
    if (added === undefined && (owner !== undefined || due !== undefined))
      throw new UsageError(
        '--owner and --due are of a new task: kubectl ir case task CASE "TEXT" --owner WHO',
      );
    return { dir: caseWord(io, 'case task', words.slice(0, 1)), added, done };
  },
  run: ({ dir, added, done }, context) => {
    if (added !== undefined) return add(context, dir, added);
    return done === undefined ? list(context, dir) : finish(context, dir, done);
  },
});

function newTask(text: string, owner: string | undefined, due: string | undefined): NewTask {
  return {
    text: oneLine('TEXT', text),
    ...(owner === undefined ? {} : { owner }),
    ...(due === undefined ? {} : { due }),
  };
}

async function add({ io, signal }: CommandContext, dir: string, task: NewTask): Promise<number> {
  const { caseName, course } = await recordInCase(io, dir, signal, ({ tasks }) => [
    taskAct({ id: nextTask(tasks), ...task }),
  ]);
  await writeLine(io.stdout, `case/${caseName} task ${course.tasks.length} recorded`);
  return exitCode.done;
}

async function finish({ io, signal }: CommandContext, dir: string, id: number): Promise<number> {
  const { caseName } = await recordInCase(io, dir, signal, (course) => {
    requireOpen(course, id);
    return [taskDoneAct(id)];
  });
  await writeLine(io.stdout, `case/${caseName} task ${id} done`);
  return exitCode.done;
}

function requireOpen({ tasks }: Course, id: number): void {
  const task = tasks.find((one) => one.id === id);
  if (task === undefined)
    throw new OperationError(`there is no task ${id}`, { advice: 'all of them: kubectl ir case task CASE' });
  if (task.done !== undefined)
    throw new OperationError(`task ${id} was done at ${task.done.time} by ${task.done.by}`);
}

async function list({ io }: CommandContext, dir: string): Promise<number> {
  const { name } = await readCaseStatus(dir);
  const { course, broken } = await readCourse(dir);
  if (course.tasks.length === 0) await createProgress(io).note('Tasks', 'none');
  else await writeLine(io.stdout, taskTable(course.tasks, io.now()));
  if (broken !== undefined)
    throw new VerificationError(`custody of case ${name} is broken: ${broken}`, {
      advice: 'the tasks before that line are shown; compare with another copy',
    });
  return exitCode.done;
}

/** Tasks as a table; what is open and late says so. */
export function taskTable(tasks: readonly Task[], now: Date): string {
  return renderTable(
    ['TASK', 'STATE', 'OWNER', 'DUE', 'PHASE', 'TEXT'],
    tasks.map(({ id, text, phase, owner = '', due = '', done }) => {
      const late = due !== '' && Date.parse(due) < now.getTime();
      return [`${id}`, done === undefined ? (late ? 'late' : 'open') : 'done', owner, due, phase, text];
    }),
  );
}
