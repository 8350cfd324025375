import { OperationError, UsageError } from '../../src/output/errors.ts';
import type { RunningNode } from './enter.ts';
import type { Layout } from './layout.ts';
import { type ClusterRecord, readRecord } from './record.ts';

/** The record of the cluster that is up; throws OperationError when none is. */
export async function recordOfCluster(layout: Layout): Promise<ClusterRecord> {
  const record = await readRecord(layout);
  if (record?.phase === 'up') return record;
  throw new OperationError(`No cluster is up in ${layout.directory}`, {
    advice: 'Start it: npm run cluster -- up',
  });
}

/** Its nodes in the order of their names. */
export function runningNodes(record: ClusterRecord): RunningNode[] {
  return Object.entries(record.daemons)
    .filter(([name]) => name.startsWith('node-'))
    .map(([name, { pid }]) => ({ name, init: pid }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** The node of that name; throws UsageError when there is none. */
export function nodeNamed(record: ClusterRecord, name: string): RunningNode {
  const nodes = runningNodes(record);
  const found = nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`There is no node '${name}'; there are ${nodes.map((node) => node.name).join(' ')}`);
}
