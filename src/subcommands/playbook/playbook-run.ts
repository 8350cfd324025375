import { isObjectName } from '../../cluster/target.ts';
import { readCourse, recordInCase } from '../../incident/case-course.ts';
import { caseTarget } from '../../incident/case-target.ts';
import { stepAct } from '../../incident/course-acts.ts';
import type { StepRecord } from '../../incident/course.ts';
import { type Filling, placeholders } from '../../incident/plan/command-words.ts';
import type { Playbook, PlaybookStep } from '../../incident/plan/playbook.ts';
import { type PlaybookProgress, playbookProgress } from '../../incident/playbook-progress.ts';
import { exitCode } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { createProgress, type Progress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import type { CommandContext } from '../command.ts';
import { type Choice, choose, handOver, missingNames, reason } from './questions.ts';
import { choicesFor, endedBadly, notesOn } from './step-choices.ts';
import { type StepCommand, stepCommand } from './step-command.ts';

/** What is led through: a playbook in a case, with what the command line fills in. */
export interface PlaybookTask {
  readonly playbook: Playbook;
  /** Directory of the case. */
  readonly dir: string;
  readonly filling: Filling;
  /** Flags of this run that the next one needs too, as the end of a command line. */
  readonly again?: string;
}

/** What of a record follows from the playbook and the moment. */
type Outcome = Omit<StepRecord, 'time' | 'by' | 'line' | 'playbook' | 'step'>;

/**
 * Leads a person through a playbook, one step after the other. The case is held only while a line is written, so that the
 * commands of the steps and other people can write too; where the playbook is, is read from custody before each step.
 */
export class PlaybookRun {
  readonly #context: CommandContext;
  readonly #task: PlaybookTask;
  readonly #progress: Progress;
  /** What was typed on the way. */
  #typed: Filling = {};

  constructor(context: CommandContext, task: PlaybookTask) {
    this.#context = context;
    this.#task = task;
    this.#progress = createProgress(context.io);
  }

  /** Goes on at the step that is next, first at `from` when it is given. The exit code: 3 while steps are left. */
  async lead(from?: string): Promise<number> {
    const { playbook, dir, filling } = this.#task;
    const { io } = this.#context;
    for (let first = from; ; first = undefined) {
      const { course, lines } = await readCourse(dir);
      const progress = playbookProgress(playbook, course.steps, first);
      const { next } = progress;
      if (next === undefined) {
        await this.#progress.note('Playbook', `${playbook.id}: every step is done or skipped`);
        return exitCode.done;
      }
      const known = { ...caseTarget(lines), ...filledBefore(playbook, course.steps), ...filling, case: dir };
      const command = await this.#commandOf(next, known);
      await this.#show(progress, next, command);
      if (!io.interactive)
        return this.#stop('nothing is run without being asked, and there is no terminal to ask on');
      const choice = await choose(this.#context, choicesFor(next, command, progress.last));
      const ended = await this.#take(choice, progress, next, command);
      if (ended !== undefined) return ended;
    }
  }

  /** A step and what is known of it: to who is asked about it, or as the answer where nobody can be. */
  async #show(
    { place, last }: PlaybookProgress,
    step: PlaybookStep,
    command: StepCommand | undefined,
  ): Promise<void> {
    const { io } = this.#context;
    const { id, phase, by } = step;
    const head = [
      `Step ${place} of ${this.#task.playbook.steps.length}`,
      id,
      phase,
      ...(by === undefined ? [] : [`by ${by}`]),
    ];
    const what = command?.text ?? step.text ?? step.check ?? '';
    const fault = command?.fault === undefined ? [] : [`it cannot be run: ${command.fault}`];
    const lines = [head.join('   '), ...[...notesOn(step, last), what, ...fault].map((line) => `   ${line}`)];
    for (const line of lines) await writeLine(io.interactive ? io.stderr : io.stdout, terminalLine(line));
  }

  /** Does what was chosen; the exit code when that ends the run. */
  async #take(
    choice: Choice,
    progress: PlaybookProgress,
    step: PlaybookStep,
    command: StepCommand | undefined,
  ): Promise<number | undefined> {
    if (choice === 'quit') return this.#stop('stopped');
    if (choice === 'hand over') {
      const to = await handOver(
        this.#context,
        this.#task.dir,
        `playbook ${this.#task.playbook.id}, next step ${step.id}`,
      );
      return this.#stop(to === undefined ? 'stopped' : `handed over to ${to}`);
    }
    if (choice === 'run') {
      if (command !== undefined) await this.#run(progress, step, command);
      return undefined;
    }
    if (choice === 'skip') {
      const remark = await reason(this.#context);
      await this.#record(step, { outcome: 'skipped', ...(remark === '' ? {} : { remark }) }, progress);
      return undefined;
    }
    if (choice === 'done' || choice === 'yes') {
      const exit = endedBadly(step, progress.last)?.exit;
      const remark = exit === undefined ? {} : { remark: `taken as done after exit code ${exit}` };
      await this.#record(step, { outcome: 'done', ...remark }, progress);
      return undefined;
    }
    await this.#record(step, { outcome: 'failed', remark: 'answered with no' }, progress);
    return this.#stop('that must be so before the next step');
  }

  /** Runs the command of a step: its start is in custody before, its end after it, whatever it came to. */
  async #run(progress: PlaybookProgress, step: PlaybookStep, { words, filled }: StepCommand): Promise<void> {
    const { runLine, signal } = this.#context;
    if (runLine === undefined) throw new Error('no way to run a command line');
    const started = { outcome: 'started', command: words, filled } as const;
    if (!(await this.#record(step, started, progress))) return;
    const { code, done } = await runLine(words, { KUBECTL_IR_CASE: this.#task.dir });
    const interrupted = signal.aborted ? { remark: 'interrupted' } : {};
    await this.#record(step, {
      outcome: done ? 'done' : 'failed',
      command: words,
      exit: code,
      ...interrupted,
    });
    signal.throwIfAborted();
  }

  /**
   * Writes what came of a step into custody. With the progress that it was chosen by, nothing is written and false is the
   * answer when somebody else has recorded a step of this playbook since.
   */
  async #record(step: PlaybookStep, outcome: Outcome, chosenBy?: PlaybookProgress): Promise<boolean> {
    const { playbook, dir } = this.#task;
    const { io } = this.#context;
    const mine = stepAct({ playbook: playbook.id, step: step.id, ...outcome });
    let other: StepRecord | undefined;
    // What was done is recorded in spite of an interrupt.
    const { line } = await recordInCase(io, dir, new AbortController().signal, ({ steps }) => {
      const { last } = playbookProgress(playbook, steps);
      if (chosenBy !== undefined && last !== undefined && last.line !== chosenBy.last?.line) other = last;
      return other === undefined ? [mine] : [];
    });
    if (other === undefined) {
      const exit = outcome.exit === undefined ? '' : `, exit code ${outcome.exit}`;
      await this.#progress.note('Line', `${line}, ${step.id} ${outcome.outcome}${exit}`);
      return true;
    }
    await this.#progress.warn(
      `not recorded: ${other.by} has ${other.outcome} ${other.step} meanwhile, line ${other.line}`,
    );
    return false;
  }

  async #commandOf(step: PlaybookStep, known: Filling): Promise<StepCommand | undefined> {
    if (step.run === undefined) return undefined;
    const command = stepCommand(step.run, { ...known, ...this.#typed });
    if (!this.#context.io.interactive || command.missing.length === 0) return command;
    this.#typed = { ...this.#typed, ...(await missingNames(this.#context, step.id, command.missing)) };
    return stepCommand(step.run, { ...known, ...this.#typed });
  }

  async #stop(why: string): Promise<number> {
    const { playbook, dir, again = '' } = this.#task;
    await this.#progress.note(
      'Next',
      `${why}; go on with: kubectl ir playbook run ${playbook.id} --case ${quotedWord(dir)}${again}`,
    );
    return exitCode.partial;
  }
}

/** What the steps of this playbook were filled with before, by whomever; custody is not ours alone, so names are looked at. */
function filledBefore({ id }: Playbook, steps: readonly StepRecord[]): Filling {
  const pairs = steps
    .filter(({ playbook }) => playbook === id)
    .flatMap(({ filled = {} }) => Object.entries(filled))
    .filter(([name, value]) => (placeholders as readonly string[]).includes(name) && isObjectName(value));
  return Object.fromEntries(pairs);
}
