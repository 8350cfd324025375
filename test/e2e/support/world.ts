import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { processIo } from '../../../src/output/io.ts';
import { attempt, type Outcome, run } from '../../cluster/run.ts';

const { env } = processIo();

/** Image with every optional tool, which the cut needs; another cluster gives its own. */
export const fullImage = env['KUBECTL_IR_COLLECTOR_IMAGE'] ?? 'lab.local/collector-full:1';
/** Image with busybox alone. */
export const plainImage = env['KUBECTL_IR_COLLECTOR_IMAGE'] ?? 'lab.local/collector:1';

/** kubectl with arguments and optional input; its stdout. Throws when it fails. */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return run('kubectl', args, input === undefined ? {} : { input });
}

/** `kubectl ir` as a user runs it, whatever its exit code. */
export function kubectlIr(args: readonly string[]): Promise<Outcome> {
  return attempt('kubectl', ['ir', ...args]);
}

/** A shell line on a node of the test cluster. */
export function onNode(node: string, script: string): Promise<Outcome> {
  const main = join(import.meta.dirname, '../../cluster/main.ts');
  return attempt(process.execPath, [main, 'shell', node, 'sh', '-c', script]);
}

/**
 * Runs `kubectl ir` and sends it a signal after so many milliseconds, if it still runs then. A process that dies of
 * SIGINT before it can catch it has the exit code that a shell gives it, 130.
 */
export function interrupted(
  args: readonly string[],
  signal: NodeJS.Signals,
  afterMs: number,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', ['ir', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    const timer = setTimeout(() => child.kill(signal), afterMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 130, ...output });
    });
  });
}

/** Names of what stands in the cluster of ours, one per line: every kind of object that we make or mark. */
export async function ours(): Promise<string[]> {
  const kinds = 'pods,networkpolicies,configmaps,poddisruptionbudgets';
  const text = await kubectl([
    'get',
    kinds,
    '-A',
    '-l',
    'kubectl-ir/pod-uid',
    '--ignore-not-found',
    '-o',
    'name',
  ]);
  return text.split('\n').filter(Boolean);
}

/** Rules of ours on a node. */
export async function rulesOn(node: string): Promise<string[]> {
  const { stdout } = await onNode(node, 'nft list tables; iptables-save; ip6tables-save');
  return stdout.split('\n').filter((line) => /\bir[-_]/.test(line));
}
