import { spawn } from 'node:child_process';
import { OperationError } from '../../src/output/errors.ts';

/** What a program said and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** Runs a program to its end and returns its exit code (128 + signal number unknown: 128) and output. */
export function attempt(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', ...options });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.on('error', (cause) =>
      reject(new OperationError(`Could not run ${program}: ${cause.message}`, { cause })),
    );
    child.on('close', (code) => resolve({ code: code ?? 128, ...output }));
    // The program may end without reading its input; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program and returns its stdout; throws OperationError with the end of its stderr when it failed. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const outcome = await attempt(program, args, options);
  if (outcome.code === 0) return outcome.stdout;
  const said = outcome.stderr.trim().split('\n').slice(-5).join('\n');
  throw new OperationError(
    `${program} ${args.slice(0, 6).join(' ')} failed with exit code ${outcome.code}: ${said}`,
  );
}
