import { escapeUnprintable } from '../output/printer.ts';
import type { Change, ContainerDiffData, PodDiff, PodDiffData } from './pod-diff.ts';

/**
 * A diff as JSON in pieces, however many changes it has: on one line, or indented by two as `-o json` prints it. Nothing in it steers
 * a terminal. Ends without a newline.
 */
export async function* diffJson(diff: PodDiff, indent: 0 | 2): AsyncGenerator<string, void> {
  const { containers, ...about } = diff;
  const text = (value: unknown, depth: number): string =>
    escapeUnprintable(JSON.stringify(value, undefined, indent)).replaceAll(
      '\n',
      `\n${' '.repeat(depth * indent)}`,
    );
  const line = (depth: number): string => (indent === 0 ? '' : `\n${' '.repeat(depth * indent)}`);
  const colon = indent === 0 ? ':' : ': ';
  yield `${text(about, 0).replace(/\n?}$/, '')},${line(1)}"containers"${colon}[`;
  for (const [i, { changes, ...container }] of containers.entries()) {
    yield `${i === 0 ? '' : ','}${line(2)}${text(container, 2).replace(/\n? *}$/, '')},${line(3)}"changes"${colon}[`;
    let separator = '';
    for await (const change of changes) {
      yield `${separator}${line(4)}${text(change, 4)}`;
      separator = ',';
    }
    yield `${separator === '' ? '' : line(3)}]${line(2)}}`;
  }
  yield `${containers.length === 0 ? '' : line(1)}]${line(0)}}`;
}

/** The diff with its changes in memory, for formats that can't be written in pieces. */
export async function wholeDiff(diff: PodDiff): Promise<PodDiffData> {
  const containers: ContainerDiffData[] = [];
  for (const { changes, ...container } of diff.containers) {
    const list: Change[] = [];
    for await (const change of changes) list.push(change);
    containers.push({ ...container, changes: list });
  }
  return { ...diff, containers };
}
