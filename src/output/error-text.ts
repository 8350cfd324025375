import type { BuildInfo } from './build.ts';
import { ApiError, InterruptedError, OperationError, UsageError } from './errors.ts';
import { terminalLine } from './line.ts';

/** What is printed around an error. */
export interface ErrorContext {
  /** The command as help names it, such as `kubectl ir isolate`. */
  readonly command: string;
  /** The whole command line, credentials already removed. */
  readonly line: string;
  /** Level of `-v`; stack traces from 6 on. */
  readonly verbosity: number;
  readonly build: BuildInfo;
}

/** How kubectl begins the messages of a server it cannot talk to; they stand without `error:`. */
const connectionMessages =
  /^(Unable to connect to the server|The connection to the server|Error in configuration)/;

/**
 * An error as lines for the terminal, in kubectl's wording: what failed, further lines of the message indented, then the advice.
 * An error of an unknown class is a bug, and comes with what a bug report needs. The lines are safe for a terminal.
 */
export function errorLines(error: unknown, context: ErrorContext): string[] {
  const lines = [...headLines(error), ...adviceLines(error, context)];
  if (!isExpected(error) || context.verbosity >= 6) lines.push(...stackLines(error));
  return lines.map(terminalLine);
}

/** The command line with the values of credential flags replaced, for reports. */
export function redactedLine(words: readonly string[]): string {
  const shown = words.map((word, i) => {
    if (word.startsWith('--token=')) return '--token=REDACTED';
    return words[i - 1] === '--token' ? 'REDACTED' : word;
  });
  return ['kubectl ir', ...shown].join(' ');
}

function isExpected(error: unknown): boolean {
  return error instanceof OperationError || error instanceof UsageError;
}

function headLines(error: unknown): string[] {
  const message = error instanceof Error ? error.message : String(error);
  const [first = '', ...more] = message.split('\n');
  return [prefix(error, first) + first, ...more.map((line) => (line.startsWith('  ') ? line : `  ${line}`))];
}

function prefix(error: unknown, message: string): string {
  // kubectl says this one without "Error from server".
  if (error instanceof ApiError && error.reason === 'Unauthorized') return 'error: ';
  if (error instanceof ApiError && error.reason !== '') return `Error from server (${error.reason}): `;
  if (error instanceof InterruptedError) return 'interrupted: ';
  return error instanceof ApiError && connectionMessages.test(message) ? '' : 'error: ';
}

function adviceLines(error: unknown, context: ErrorContext): string[] {
  if (error instanceof UsageError) return [`See '${context.command} --help' for usage.`];
  if (error instanceof OperationError) return error.advice?.split('\n') ?? [];
  const { version, commit, node, platform } = context.build;
  return [
    'This is a mistake in kubectl ir itself. Please report it with the lines below, without names that must stay secret.',
    `  kubectl-ir ${version}${commit === undefined ? '' : ` (${commit})`}, node ${node}, ${platform}`,
    `  command: ${context.line}`,
  ];
}

/** The stack traces of the error and its causes. The error's own message is left out, as it is printed above. */
function stackLines(error: unknown): string[] {
  const lines: string[] = [];
  let current = error;
  for (let depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const frames = (current.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    lines.push(...(depth === 0 ? [] : [`  caused by ${current.name}: ${current.message}`]), ...frames);
    current = current.cause;
  }
  return lines;
}
