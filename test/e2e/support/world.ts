import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { labels } from '../../../src/collector/names.ts';
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
export function kubectlIr(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return attempt('kubectl', ['ir', ...args], { env: { ...env, ...more } });
}

/** A shell line on a node of the test cluster. */
export function onNode(node: string, script: string): Promise<Outcome> {
  const main = join(import.meta.dirname, '../../cluster/main.ts');
  return attempt(process.execPath, [main, 'shell', node, 'sh', '-c', script]);
}

/** Names of the cluster's nodes. */
export async function nodeNames(): Promise<string[]> {
  return (await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}'])).split(' ');
}

/**
 * Runs `kubectl ir` and sends it SIGINT so many milliseconds after its start, or after its stderr first holds `text`. A
 * process that dies of SIGINT before it can catch it has the exit code that a shell gives it, 130.
 */
export function interrupted(
  args: readonly string[],
  when: {
    readonly afterMs: number;
    readonly text?: string;
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
        timer ??= setTimeout(() => child.kill('SIGINT'), when.afterMs);
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

/** A place to look for what is ours: what is about one pod, and what runs on its node. */
export interface Place {
  readonly uid: string;
  readonly node: string;
}

interface Listed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec?: { readonly nodeName?: string };
}

/** What stands in the cluster of ours as `kind/name`, in all of it or in one place: every kind of object that we make or mark. */
export async function ours(place?: Place): Promise<string[]> {
  const kinds = 'pods,networkpolicies,configmaps,poddisruptionbudgets';
  const text = await kubectl(['get', kinds, '-A', '-l', labels.podUid, '-o', 'json']);
  return (JSON.parse(text) as { items: Listed[] }).items
    .filter(
      ({ metadata, spec }) =>
        place === undefined || metadata.labels[labels.podUid] === place.uid || spec?.nodeName === place.node,
    )
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
}

/** Rules of ours on a node. */
export async function rulesOn(node: string): Promise<string[]> {
  const { stdout } = await onNode(node, 'nft list tables; iptables-save; ip6tables-save');
  return stdout.split('\n').filter((line) => /\bir[-_]/.test(line));
}
