import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { imageOf } from '../support/offer.ts';

/** A snapshot that was whole, and what it cost. */
export interface MeasuredSnapshot {
  readonly acquisition: string;
  /** Of all items. */
  readonly bytes: number;
  readonly seconds: number;
  /** Of the part that takes logs. */
  readonly logsSeconds: number;
  /** Peak of the client's memory, in bytes. */
  readonly rss: number;
}

/** Runs `kubectl ir snapshot` as a process of its own and looks ten times a second how much memory it has used at most. */
export async function measuredSnapshot(words: readonly string[]): Promise<MeasuredSnapshot> {
  const began = performance.now();
  const child = spawn(
    'kubectl',
    ['ir', 'snapshot', ...words, '--collector-image', imageOf('collector'), '-o', 'json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  let rss = 0;
  const timer = setInterval(() => {
    void readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').then(
      (status) => (rss = Math.max(rss, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024)),
      () => undefined,
    );
  }, 100);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`snapshot ${words.join(' ')}: exit code ${String(code)}`);
  const { acquisition, bytes, phases } = JSON.parse(text) as {
    acquisition: string;
    bytes: number;
    phases: { phase: string; milliseconds: number }[];
  };
  const logs = phases.find(({ phase }) => phase === 'logs')?.milliseconds ?? 0;
  return { acquisition, bytes, seconds, logsSeconds: logs / 1000, rss };
}
