import { formatCount } from '../output/count.ts';
import { formatSize } from '../output/size.ts';
import { tableLines } from '../output/table.ts';
import { isRuntime, timeOf } from './changes.ts';
import { ownChanges } from './changes.ts';
import { volumes } from './mounts.ts';
import type { Change, ContainerDiff, PodDiff } from './pod-diff.ts';
import { rankOf } from './ranking.ts';
import { reasonsOf } from './reasons.ts';
import { besideRows } from './present-beside.ts';
import type { Row } from './rows.ts';
import { clock, merged } from './rows.ts';

export interface DiffView {
  /** Entries of the runtime are listed too. */
  readonly runtime: boolean;
  /** More columns: mode, owner, sha256. */
  readonly wide: boolean;
}

/** The diff as a table, what matters first, and its summary; line by line, without changes the summary alone. */
export async function* diffLines(
  diff: PodDiff,
  view: DiffView = { runtime: false, wide: false },
): AsyncGenerator<string, void> {
  const headers = ['CONTAINER', 'CHANGE', 'PATH', 'WHY IT MATTERS', 'SIZE', 'CHANGED (UTC)'];
  if (view.wide) headers.push('MODE', 'OWNER', 'SHA256');
  const rows = (): AsyncGenerator<Row, void> =>
    merged(diff.containers.map((container) => rowsOf(container, view)));
  const first = await rows().next();
  if (first.done !== true)
    yield* tableLines(headers, async function* () {
      for await (const { cells } of rows()) yield cells;
    });
  yield summaryLine(diff, view);
  yield* notes(diff);
}

/** The diff in one short line, such as `6 changes in 2 containers`, for the progress of a larger command. */
export function changesText(diff: PodDiff): string {
  const { changes, complete } = totals(diff);
  const containers = formatCount(diff.containers.length, 'container');
  return `${countText(changes)} in ${containers}${complete ? '' : ', not everything was seen'}`;
}

/** `CONTAINER:PATH` of each change, and `CONTAINER:pid/N` of each process: what `-o name` prints. */
export async function* diffNames(
  diff: PodDiff,
  view: Pick<DiffView, 'runtime'>,
): AsyncGenerator<string, void> {
  for (const { name, changes, processes } of diff.containers) {
    for await (const change of changes)
      if (view.runtime || !isRuntime(change)) yield `${name}:${change.path}`;
    for (const { pid } of processes) yield `${name}:pid/${pid}`;
  }
}

/** What was not looked at, one line each, for stderr. */
export function blindLines(diff: PodDiff): string[] {
  return diff.containers.flatMap(({ name, blind }) =>
    blind.map(
      ({ what, why, instead }) => `${name}: ${what}: ${why}${instead === undefined ? '' : `; ${instead}`}`,
    ),
  );
}

async function* rowsOf(container: ContainerDiff, view: DiffView): AsyncGenerator<Row, void> {
  async function* changes(): AsyncGenerator<Row, void> {
    for await (const change of container.changes)
      if (view.runtime || !isRuntime(change))
        yield {
          rank: rankOf(change),
          time: timeOf(change),
          cells: changeCells(container.name, change, view),
        };
  }
  async function* beside(): AsyncGenerator<Row, void> {
    await Promise.resolve();
    yield* besideRows(container);
  }
  yield* merged([beside(), changes()]);
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

function owner({ uid, gid }: Change): string {
  return uid === undefined ? '-' : `${uid}:${gid ?? ''}`;
}

function summaryLine(diff: PodDiff, view: DiffView): string {
  const { changes, runtime, complete } = totals(diff);
  const parts = [`${countText(changes)}${complete ? '' : ' found'}`];
  if (runtime > 0) {
    parts.push(
      `${formatCount(runtime, 'entry', 'entries')} made by the runtime ${view.runtime ? 'included' : 'hidden (--runtime)'}`,
    );
  }
  const unread = diff.containers.filter(({ summary }) => !summary.complete).map(({ name }) => name);
  parts.push(complete ? 'every layer was read' : `NOT everything was looked at in: ${unread.join(', ')}`);
  return parts.join('; ');
}

function totals(diff: PodDiff): { changes: number; runtime: number; complete: boolean } {
  let [changes, runtime] = [0, 0];
  for (const { summary } of diff.containers) {
    changes += ownChanges(summary) + summary.processes;
    runtime += summary.runtime;
  }
  return { changes, runtime, complete: diff.containers.every(({ summary }) => summary.complete) };
}

function countText(changes: number): string {
  return changes === 0 ? 'no changes' : formatCount(changes, 'change');
}

function notes(diff: PodDiff): string[] {
  const lines: string[] = [];
  const others = diff.containers.flatMap(({ name, mounts }) =>
    volumes(mounts)
      .filter(({ content }) => content === undefined)
      .map(({ path, nodePath }) => `${name}:${path}${nodePath === undefined ? '' : ` (node: ${nodePath})`}`),
  );
  if (others.length > 0)
    lines.push(`volumes are no part of an image and were not looked into: ${others.join(', ')}`);
  if (diff.containers.some(({ summary, driver }) => driver === 'overlay' && !summary.capabilities))
    lines.push('file capabilities were not read: the collector image has no getfattr');
  return lines;
}
