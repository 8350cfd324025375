import { spawn } from 'node:child_process';
import { processIo } from '../../../src/output/io.ts';
import type { Outcome } from '../../cluster/run.ts';

const { env } = processIo();

/**
 * Runs `kubectl ir` and sends it a signal, SIGINT if not told otherwise, so many milliseconds after its start, or after its stderr first holds `text`. A
 * process that dies of SIGINT before it can catch it has the exit code that a shell gives it, 130.
 */
export function interrupted(
  args: readonly string[],
  when: {
    readonly afterMs: number;
    readonly text?: string;
    readonly signal?: NodeJS.Signals;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', ['ir', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, ...when.env },
    });
    const output = { stdout: '', stderr: '' };
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
      if (output.stderr.includes(when.text ?? ''))
        timer ??= setTimeout(() => child.kill(when.signal ?? 'SIGINT'), when.afterMs);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
      look();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 130, ...output });
    });
    look();
  });
}
