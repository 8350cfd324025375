import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIo } from '../../../src/output/io.ts';
import { packageLayer } from '../../cluster/node-packages.ts';
import { run } from '../../cluster/run.ts';
import { onNode } from './world.ts';

const script = readFileSync(join(import.meta.dirname, 'engines.sh'), 'utf8');

/** Engines beside containerd whose stores a node can have. */
export const engines = ['podman', 'docker'] as const;

/** Path of a tar with the programs of all engines, from Debian's packages, made once for each state of the machine. */
export function enginesLayer(say: (line: string) => Promise<void>): Promise<string> {
  return packageLayer('engines', ['podman', 'docker.io'], processIo(), say);
}

/** Brings the programs of all engines to a node. */
export async function unpackEngines(node: string): Promise<void> {
  const layer = await enginesLayer(() => Promise.resolve());
  const main = join(import.meta.dirname, '../../cluster/main.ts');
  await run('sh', [
    ...['-c', 'exec <"$1"; shift; exec "$@"', 'sh', layer],
    ...[process.execPath, main, 'shell', node, 'sh', '-c', script, 'engines', 'unpack'],
  ]);
}

/**
 * Starts one engine, and in it a container that ended and one that runs, which made the same two changes; their ids. Throws with what
 * the engine said when it does not start.
 */
export async function startEngine(
  node: string,
  engine: (typeof engines)[number],
): Promise<{ readonly ended: string; readonly running: string }> {
  const { code, stdout, stderr } = await onNode(node, `set -- ${engine}; ${script}`);
  const [, ended, running] = /^ended ([0-9a-f]{64})\nrunning ([0-9a-f]{64})\n$/.exec(stdout) ?? [];
  if (code !== 0 || ended === undefined || running === undefined)
    throw new Error(`${engine} did not start on ${node}: ${stdout}${stderr.slice(-2000)}`);
  return { ended, running };
}

/** What an engine itself says of them: the members of `docker inspect` that podman has too. */
export async function inspectEngine(
  node: string,
  engine: (typeof engines)[number],
): Promise<readonly Inspected[]> {
  const { code, stdout, stderr } = await onNode(node, `set -- inspect ${engine}; ${script}`);
  if (code !== 0) throw new Error(`${engine} on ${node}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as Inspected[];
}

export interface Inspected {
  readonly Id: string;
  /** Behind a slash for docker. */
  readonly Name: string;
  readonly Created: string;
  readonly Image: string;
  readonly Path: string;
  readonly Args: readonly string[];
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
}

/** Ends them, and takes all of theirs off the node. */
export async function stopEngines(node: string): Promise<void> {
  const { code, stderr } = await onNode(node, `set -- stop; ${script}`);
  if (code !== 0) throw new Error(`what the engines left on ${node}: ${stderr.slice(-2000)}`);
}
