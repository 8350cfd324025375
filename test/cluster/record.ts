import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Layout } from './layout.ts';
import type { Reference } from './images/oci.ts';
import type { Policy } from './policy.ts';

/** What is written down about a cluster, before its first process starts and again when it is up. */
export interface ClusterRecord {
  readonly phase: 'starting' | 'up';
  /** Boot id of the machine: after a reboot nothing but files is left. */
  readonly boot: string;
  readonly nodes: number;
  readonly policy: Policy;
  /** Settings of the machine that kubelet changes, as they were found: path below /proc/sys to value. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly images: readonly Reference[];
  /** Pid and start time of each daemon, by name; PID 1 of a node by the node's name. */
  readonly daemons: Readonly<Record<string, { readonly pid: number; readonly started: string }>>;
}

/** The record of a cluster; undefined when there is none. One that can't be read counts as an interrupted start. */
export async function readRecord(layout: Pick<Layout, 'record'>): Promise<ClusterRecord | undefined> {
  const content = await readFile(layout.record, 'utf8').catch(() => undefined);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content) as ClusterRecord;
  } catch {
    return { phase: 'starting', boot: '', nodes: 0, policy: 'none', sysctls: {}, images: [], daemons: {} };
  }
}

/** Replaces the record in one step. */
export async function writeRecord(layout: Layout, record: ClusterRecord): Promise<void> {
  await writeFile(unfinished(layout), JSON.stringify(record, null, 2));
  await rename(unfinished(layout), layout.record);
}

/**
 * Removes the state directory, the record last, so that a removal that was interrupted can be gone on with.
 * Throws OperationError when there is no record and the directory holds something.
 */
export async function removeState(layout: Layout): Promise<void> {
  await requireOwnDirectory(layout);
  const names = await readdir(layout.directory).catch(() => []);
  for (const name of names.filter((each) => each !== basename(layout.record))) {
    await rm(join(layout.directory, name), { recursive: true, force: true });
  }
  await rm(layout.directory, { recursive: true, force: true });
}

/** Throws OperationError when the state directory has something in it that is not a cluster. */
export async function requireOwnDirectory(layout: Layout): Promise<void> {
  const names = await readdir(layout.directory).catch(() => []);
  const foreign = names.filter((name) => name !== basename(unfinished(layout)));
  if (foreign.length === 0 || (await readRecord(layout)) !== undefined) return;
  throw new OperationError(`${layout.directory} holds something else than a cluster`, {
    advice: 'Empty it, or name another directory in KUBECTL_IR_CLUSTER_DIR.',
  });
}

function unfinished(layout: Layout): string {
  return `${layout.record}.new`;
}

/** Boot id of the running kernel. */
export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}
