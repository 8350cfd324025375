import { commandHelp, groupHelp, rootHelp } from './help.ts';
import { buildInfo } from './output/build.ts';
import { errorLines, redactedLine } from './output/error-text.ts';
import { exitCode, exitCodeOf, InterruptedError, OperationError, UsageError } from './output/errors.ts';
import { type Io, writeChunk, writeLine } from './output/io.ts';
import { nearestName } from './cluster/nearest.ts';
import type { Signals } from './output/signals.ts';
import { diskError } from './evidence/durable-file.ts';
import { lookUp } from './lookup.ts';
import { parseLine } from './parse.ts';
import { registry } from './registry.ts';
import type { RegistryEntry } from './registry/entry.ts';
import type { CommandContext, GlobalFlags, LineEnd, ListedCommand } from './subcommands/command.ts';
import { completionWord } from './subcommands/completion.ts';
import { globalFlags } from './subcommands/global-flags.ts';
import { globalWords } from './subcommands/global-words.ts';
import { whereText } from './subcommands/where.ts';

/** Exit code of a program that died of SIGPIPE (128 + 13), as kubectl does when its reader went away. */
const brokenPipe = 141;
/** Two interrupts closer than this are one: a terminal and a wrapper may each deliver theirs. */
const sameInterruptMs = 500;
const listStanding = 'to see what is still in the cluster: kubectl ir status';

/** What the command lines of one run of the program share: some commands run others. */
interface Program {
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly entries: readonly RegistryEntry[];
}

/** What is known of a command line when its error has to be printed. */
interface Line {
  command: string;
  verbosity: number;
  failureCode: number;
  afterInterrupt: string;
}

/**
 * The whole program except the process around it: reads `argv` (without node and script), runs one command, prints its error if
 * there is one, and resolves to the exit code. Never rejects. The first interrupt aborts the command's signal, so that it cleans
 * up; the second ends the process through `signals.exitNow`.
 */
export async function main(
  argv: readonly string[],
  io: Io,
  signals: Signals,
  entries: readonly RegistryEntry[] = registry,
): Promise<number> {
  const controller = new AbortController();
  const program = { io, signal: controller.signal, entries };
  const line = unknownLine();
  for (const stream of [io.stdout, io.stderr]) stream.on('error', ignore);
  const stopInterrupts = signals.onInterrupt(interruptHandler(io, signals, controller, line));
  const stopCrashes = signals.onCrash((error) => controller.abort(error));
  try {
    const code = await dispatch(argv, program, line);
    return controller.signal.aborted ? codeAfterAbort(controller.signal.reason, code) : code;
  } catch (error) {
    return await report(causeOf(error, controller.signal), argv, program, line);
  } finally {
    stopInterrupts();
    stopCrashes();
  }
}

async function dispatch(argv: readonly string[], program: Program, line: Line): Promise<number> {
  const { io, signal, entries } = program;
  if (argv[0] === completionWord) {
    const { complete } = await import('./complete.ts');
    return await complete(argv.slice(1), io, signal, entries);
  }
  const asked = await lookUp(argv, entries);
  if (asked.kind === 'nothing') return await answer(io, rootHelp(entries));
  if (asked.kind === 'help') return await dispatch([...asked.after, '--help'], program, line);
  const { first, second, found } = asked;
  if (found.kind === 'unknown') throw unknownCommand(first, 'kubectl ir', found.candidates);
  if (found.kind === 'command') return await runCommand(found.entry, argv, program, line);
  line.command = `kubectl ir ${found.word}`;
  if (second === undefined) return await answer(io, groupHelp(found.word, found.entries));
  const below = found.entries.flatMap(({ words }) => words.slice(1));
  throw unknownCommand(second, line.command, below);
}

/** Runs a command, or prints its help. Notes in `line` what is needed to print an error of it. */
async function runCommand(
  entry: RegistryEntry,
  argv: readonly string[],
  program: Program,
  line: Line,
): Promise<number> {
  const { io, signal, entries } = program;
  line.command = ['kubectl ir', ...entry.words].join(' ');
  const { command } = await entry.load();
  line.failureCode = command.failureCode ?? exitCode.failed;
  line.afterInterrupt = command.afterInterrupt ?? listStanding;
  const parsed = await parseLine(argv, { ...globalFlags, ...command.flags });
  if (parsed.help) return await answer(io, commandHelp(entry, command.flags));
  const global = pick(parsed.values, Object.keys(globalFlags)) as GlobalFlags;
  line.verbosity = global.v ?? 0;
  const words = parsed.words.slice(entry.words.length);
  const flags = pick(parsed.values, Object.keys(command.flags));
  if (command.afterInterrupt === undefined)
    line.afterInterrupt += whereText(global, pick(flags, ['collector-namespace']));
  const runLine: CommandContext['runLine'] = (more, env) => {
    const inner = { ...io, env: { ...io.env, ...env }, begun: io.monotonic() };
    return runWithin([...globalWords(global), ...more], { ...program, io: inner });
  };
  return await command.start(words, flags, { io, global, signal, runLine, commands: () => listed(entries) });
}

function listed(entries: readonly RegistryEntry[]): Promise<ListedCommand[]> {
  const load = async (entry: RegistryEntry): Promise<ListedCommand> => ({
    words: entry.words,
    flags: { ...globalFlags, ...(await entry.load()).command.flags },
  });
  return Promise.all(entries.map(load));
}

/**
 * Runs a command line on behalf of another command. In this process rather than a child, so that it has the same terminal and
 * there is one process to watch. An interrupt ends both, and is reported by the outer command only.
 */
async function runWithin(argv: readonly string[], program: Program): Promise<LineEnd> {
  const { signal } = program;
  const line = unknownLine();
  try {
    const code = await dispatch(argv, program, line);
    return { code, done: code < line.failureCode && code <= exitCode.failed };
  } catch (error) {
    const cause = causeOf(error, signal);
    const code =
      signal.aborted && cause === signal.reason
        ? exitCodeOf(cause)
        : await report(cause, argv, program, line);
    return { code, done: false };
  }
}

/** A command line of which nothing is known yet. */
function unknownLine(): Line {
  return { command: 'kubectl ir', verbosity: 0, failureCode: exitCode.failed, afterInterrupt: listStanding };
}

async function answer(io: Io, text: string): Promise<number> {
  await writeLine(io.stdout, text);
  return exitCode.done;
}

function unknownCommand(word: string, command: string, candidates: readonly string[]): UsageError {
  const near = nearestName(word, candidates);
  return new UsageError(
    `unknown command "${word}" for "${command}"${near === undefined ? '' : `; nearest: ${near}`}`,
  );
}

function pick(values: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const pairs = names.map((name) => [name, values[name]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function interruptHandler(
  io: Io,
  signals: Signals,
  controller: AbortController,
  line: Line,
): (signal: string) => void {
  let first: number | undefined;
  return (signal) => {
    if (first === undefined) {
      first = io.monotonic();
      controller.abort(new InterruptedError(`stopped by ${signal}`, { advice: line.afterInterrupt }));
      writeLine(io.stderr, 'interrupted; cleaning up (once more to stop at once)').catch(ignore);
    } else if (io.monotonic() - first > sameInterruptMs) {
      const end = (): void => signals.exitNow(exitCode.interrupted);
      writeLine(io.stderr, `stopped; ${line.afterInterrupt}`).then(end, end);
    }
  };
}

/** What to report for an error: the signal's reason for one that only says "aborted", and an expected failure for one of the disk. */
function causeOf(error: unknown, signal: AbortSignal): unknown {
  const aborted = signal.aborted && error instanceof Error && error.name === 'AbortError';
  return aborted ? signal.reason : (diskError(error) ?? error);
}

/** Exit code of a command that came to its end in spite of an abort: its own failure counts, but success does not hide the abort. */
function codeAfterAbort(reason: unknown, code: number): number {
  return code === exitCode.done ? exitCodeOf(reason) : code;
}

/** Prints an error and returns its exit code. When the reader of stdout has gone away nothing is printed. */
async function report(
  error: unknown,
  argv: readonly string[],
  { io, signal }: Program,
  line: Line,
): Promise<number> {
  if (isBrokenPipe(error)) return brokenPipe;
  const context = { ...line, line: redactedLine(argv), build: buildInfo() };
  await writeChunk(io.stderr, `${errorLines(error, context).join('\n')}\n`).catch(ignore);
  const code = exitCodeOf(signal.aborted ? signal.reason : error);
  return code === exitCode.failed ? line.failureCode : code;
}

function isBrokenPipe(error: unknown): boolean {
  return (
    !(error instanceof OperationError) && error instanceof Error && 'code' in error && error.code === 'EPIPE'
  );
}

function ignore(): void {
  // Nothing can be written to a stream that is gone; the write that fails reports it.
}
