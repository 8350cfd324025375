import { spawn } from 'node:child_process';

/** One run of a command that is to be killed. */
export interface Killing {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Throws when something is left that may not be, or cannot be gone on with; `moment` says when it was killed. */
  readonly check: (moment: string) => Promise<void>;
}

/**
 * Runs what `prepare` makes once whole, then anew until so many were killed with SIGKILL at a random moment of the time that
 * a run takes, and checks what each left. A run that ended before its moment counts for nothing but the time that it
 * took: so no machine is too fast or too slow.
 */
export async function killAtRandom(kills: number, prepare: () => Promise<Killing>): Promise<void> {
  let wholeMs = Infinity;
  let left = kills;
  while (left > 0) {
    const { words, env, check } = await prepare();
    const after = Number.isFinite(wholeMs) ? Math.random() * wholeMs : Infinity;
    const { killed, ms, code } = await killedAfter(words, env, after);
    if (killed) left -= 1;
    else {
      wholeMs = ms;
      if (code !== 0) throw new Error(`kubectl-ir ${words.join(' ')} failed by itself, exit code ${code}`);
    }
    await check(
      killed ? `killed after ${after.toFixed(0)} of ${wholeMs.toFixed(0)} ms` : 'after a whole run',
    );
  }
}

interface Ended {
  readonly killed: boolean;
  readonly ms: number;
  readonly code: number | null;
}

function killedAfter(words: readonly string[], env: Killing['env'], afterMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn('kubectl-ir', words, { env, stdio: 'ignore' });
    const timer = Number.isFinite(afterMs) ? setTimeout(() => child.kill('SIGKILL'), afterMs) : undefined;
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === 'SIGKILL', ms: performance.now() - began, code });
    });
  });
}
