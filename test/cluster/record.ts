import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Layout } from './layout.ts';
import type { Reference } from './images/oci.ts';

/** What is written down about a cluster, before its first process starts and again when it is up. */
export interface ClusterRecord {
  readonly phase: 'starting' | 'up';
  /** Boot id of the machine: after a reboot nothing but files is left. */
  readonly boot: string;
  readonly nodes: number;
  /** Settings of the machine that kubelet changes, as they were found: path below /proc/sys to value. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly images: readonly Reference[];
  /** Pid and start time of each daemon, by name; PID 1 of a node by the node's name. */
  readonly daemons: Readonly<Record<string, { readonly pid: number; readonly started: string }>>;
}

/** The record of a cluster; undefined when there is none. */
export async function readRecord(layout: Layout): Promise<ClusterRecord | undefined> {
  const content = await readFile(layout.record, 'utf8').catch(() => undefined);
  return content === undefined ? undefined : (JSON.parse(content) as ClusterRecord);
}

/** Replaces the record in one step. */
export async function writeRecord(layout: Layout, record: ClusterRecord): Promise<void> {
  await writeFile(`${layout.record}.new`, JSON.stringify(record, null, 2));
  await rename(`${layout.record}.new`, layout.record);
}

/** Boot id of the running kernel. */
export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}
