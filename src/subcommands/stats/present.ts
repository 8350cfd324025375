import type { NodeUsage, Usage } from '../../artifacts/usage.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import type { Figures } from './source.ts';

const headers = [
  'POD',
  'CONTAINER',
  'CPU',
  'THROTTLED',
  'MEMORY',
  'WORKING',
  'LIMIT',
  'IN/S',
  'OUT/S',
  'READ/S',
  'WRITE/S',
  'PIDS',
];

/** Figures as a table, the nodes in a line each below it. */
export function figuresText({ usages, nodes }: Figures): string {
  const table = renderTable(headers, usages.map(row));
  return [table, ...nodes.map(nodeLine)].join('\n');
}

function row(usage: Usage): string[] {
  const { pod, container, cpu, throttled, processes } = usage;
  const { memoryBytes, workingSetBytes, memoryLimitBytes, received, sent, read, written } = usage;
  return [
    pod,
    container ?? '-',
    cpu === undefined ? '-' : `${Math.round(cpu * 1000)}m`,
    throttled === undefined ? '-' : `${Math.round(throttled * 100)}%`,
    ...[memoryBytes, workingSetBytes, memoryLimitBytes, received, sent, read, written].map((bytes) =>
      bytes === undefined ? '-' : formatSize(Math.round(bytes)),
    ),
    processes === undefined ? '-' : String(processes),
  ];
}

function nodeLine({ node, cpu, processors, memoryBytes, memoryLimitBytes, load }: NodeUsage): string {
  const parts = [
    ...(cpu === undefined
      ? []
      : [`CPU ${Math.round(cpu * 1000)}m${processors === undefined ? '' : ` of ${processors}`}`]),
    ...(memoryBytes === undefined
      ? []
      : [
          `memory ${formatSize(memoryBytes)}${memoryLimitBytes === undefined ? '' : ` of ${formatSize(memoryLimitBytes)}`}`,
        ]),
    ...(load === undefined || load === '' ? [] : [`load ${load}`]),
  ];
  return `node/${node}   ${parts.length === 0 ? '-' : parts.join(', ')}`;
}
