import { formatSize } from '../output/size.ts';
import { renderTable } from '../output/table.ts';
import { isRuntime } from './container-diff.ts';
import { volumes } from './mounts.ts';
import type { Change, ContainerDiff, HiddenProcess, PodDiff } from './pod-diff.ts';
import { processReason, reasonsOf } from './reasons.ts';

export interface DiffView {
  /** Entries of the runtime are listed too. */
  readonly runtime: boolean;
  /** More columns: mode, owner, sha256. */
  readonly wide: boolean;
}

interface Row {
  readonly time: string;
  readonly cells: readonly string[];
}

/** The diff as a table in the order of the changes' times, and its summary line; without changes the summary alone. */
export function changesTable(diff: PodDiff, view: DiffView = { runtime: false, wide: false }): string {
  const rows = diff.containers.flatMap((container) => rowsOf(container, view));
  rows.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const headers = ['CONTAINER', 'CHANGE', 'PATH', 'WHY IT MATTERS', 'SIZE', 'CHANGED (UTC)'];
  if (view.wide) headers.push('MODE', 'OWNER', 'SHA256');
  const lines =
    rows.length === 0
      ? []
      : [
          renderTable(
            headers,
            rows.map(({ cells }) => cells),
          ),
        ];
  return [...lines, summaryLine(diff, view), ...notes(diff)].join('\n');
}

/** The diff in one short line, such as `6 changes in 2 containers`, for the progress of a larger command. */
export function changesText(diff: PodDiff): string {
  const { changes, complete } = totals(diff);
  const containers = diff.containers.length === 1 ? '1 container' : `${diff.containers.length} containers`;
  return `${countText(changes)} in ${containers}${complete ? '' : ', not everything was seen'}`;
}

/** `CONTAINER:PATH` of each change, and `CONTAINER:pid/N` of each process: what `-o name` prints. */
export function diffNames(diff: PodDiff, view: Pick<DiffView, 'runtime'>): string[] {
  return diff.containers.flatMap(({ name, changes, processes }) => [
    ...changes.filter((change) => view.runtime || !isRuntime(change)).map(({ path }) => `${name}:${path}`),
    ...processes.map(({ pid }) => `${name}:pid/${pid}`),
  ]);
}

/** What was not looked at, one line each, for stderr. */
export function blindLines(diff: PodDiff): string[] {
  return diff.containers.flatMap(({ name, blind }) =>
    blind.map(
      ({ what, why, instead }) => `${name}: ${what}: ${why}${instead === undefined ? '' : `; ${instead}`}`,
    ),
  );
}

function rowsOf({ name, changes, processes }: ContainerDiff, view: DiffView): Row[] {
  return [
    ...changes
      .filter((change) => view.runtime || !isRuntime(change))
      .map((change) => ({
        time: change.ctime ?? change.notAfter ?? '',
        cells: changeCells(name, change, view),
      })),
    ...processes.map((process) => ({ time: process.started ?? '', cells: processCells(name, process) })),
  ];
}

function changeCells(container: string, change: Change, view: DiffView): string[] {
  const file = change.type === 'file' && change.size !== undefined;
  const link = change.target === undefined ? '' : ` -> ${change.target}`;
  return [
    container,
    change.change,
    `${change.path}${link}`,
    reasonsOf(change),
    file ? formatSize(change.size) : '-',
    change.ctime === undefined ? `by ${clock(change.notAfter)}` : clock(change.ctime),
    ...(view.wide ? [change.mode ?? '-', owner(change), change.sha256 ?? '-'] : []),
  ];
}

function processCells(container: string, process: HiddenProcess): string[] {
  return [
    container,
    'process',
    `pid ${process.pid}`,
    processReason(process),
    formatSize(process.size),
    clock(process.started),
  ];
}

function owner({ uid, gid }: Change): string {
  return uid === undefined ? '-' : `${uid}:${gid ?? ''}`;
}

/** `2026-11-22T04:12:07.112345678Z` as `11-22 04:12:07.112`. */
function clock(time: string | undefined): string {
  return time === undefined || time.startsWith('@') ? (time ?? '-') : time.slice(5, 23).replace('T', ' ');
}

function summaryLine(diff: PodDiff, view: DiffView): string {
  const { changes, runtime, complete } = totals(diff);
  const parts = [`${countText(changes)}${complete ? '' : ' found'}`];
  if (runtime > 0) {
    const entries = runtime === 1 ? 'entry' : 'entries';
    parts.push(
      `${runtime} ${entries} made by the runtime ${view.runtime ? 'included' : 'hidden (--runtime)'}`,
    );
  }
  const unread = diff.containers.filter(({ summary }) => !summary.complete).map(({ name }) => name);
  parts.push(complete ? 'every layer was read' : `NOT everything was looked at in: ${unread.join(', ')}`);
  return parts.join('; ');
}

function totals(diff: PodDiff): { changes: number; runtime: number; complete: boolean } {
  let [changes, runtime] = [0, 0];
  for (const { changes: all, summary } of diff.containers) {
    changes += all.length - summary.runtime + summary.processes;
    runtime += summary.runtime;
  }
  return { changes, runtime, complete: diff.containers.every(({ summary }) => summary.complete) };
}

function countText(changes: number): string {
  return changes === 0 ? 'no changes' : changes === 1 ? '1 change' : `${changes} changes`;
}

function notes(diff: PodDiff): string[] {
  const lines: string[] = [];
  const others = diff.containers.flatMap(({ name, mounts }) =>
    volumes(mounts).map(({ path }) => `${name}:${path}`),
  );
  if (others.length > 0)
    lines.push(`volumes are no part of an image and were not looked into: ${others.join(', ')}`);
  if (diff.containers.some(({ summary, driver }) => driver === 'overlay' && !summary.capabilities))
    lines.push('file capabilities were not read: the collector image has no getfattr');
  return lines;
}
