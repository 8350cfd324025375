import { formatCount } from '../output/count.ts';
import { formatSize } from '../output/size.ts';
import type { ContainerDiff, ContainerMount, HiddenProcess, MountEntry } from './pod-diff.ts';
import type { Row } from './rows.ts';
import { clock } from './rows.ts';

/** Rows for what no comparison of disks can show, ordered: processes, open files, mounts and what is on them. */
export function besideRows({ name, processes, openFiles, namespaces, mounts }: ContainerDiff): Row[] {
  const row = (
    rank: number,
    time: string | undefined,
    what: string,
    path: string,
    why: string,
    size = '-',
  ): Row => ({
    rank,
    time: time ?? '',
    cells: [name, what, path, why, size, time === undefined ? '-' : clock(time)],
  });
  const rows = [
    ...processes.map((process) =>
      row(
        100,
        process.started,
        'process',
        `pid ${process.pid}`,
        processReason(process),
        formatSize(process.size),
      ),
    ),
    ...namespaces.map(({ pids, mounts: own }) =>
      row(95, undefined, 'mounts', `pid ${pids.join(', ')}`, privateReason(own)),
    ),
    ...openFiles.map(({ pid, descriptor, path, reason, size }) =>
      row(
        70,
        undefined,
        'open',
        `pid ${pid} fd ${descriptor}`,
        reason === 'memfd' ? `in memory only, ${path}` : `deleted but open, ${path}`,
        formatSize(size),
      ),
    ),
    ...mounts.flatMap(({ path, type, nodePath, content }) =>
      content === undefined || content.newer === 0
        ? []
        : [
            ...content.entries
              .filter(isProgram)
              .map((entry) =>
                row(80, entry.ctime, 'volume', entry.path, 'executable on a volume', formatSize(entry.size)),
              ),
            row(
              30,
              undefined,
              'volume',
              path,
              `${formatCount(content.newer, 'entry', 'entries')} newer than the pod, ${nodePath === undefined ? type : `node: ${nodePath}`}`,
            ),
          ],
    ),
  ];
  return rows.sort((a, b) => b.rank - a.rank || (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** What a process runs, in words for the table. */
export function processReason(process: HiddenProcess): string {
  const what = {
    memfd: 'runs from memory only',
    deleted: 'runs a deleted file',
    changed: 'runs a file that is not of the image',
  }[process.reason];
  return `${what}, ${process.executable}`;
}

function privateReason(mounts: readonly ContainerMount[]): string {
  const shown = mounts.slice(0, 5).map(({ path, type }) => `${path} (${type})`);
  const more = mounts.length > shown.length ? ` and ${mounts.length - shown.length} more` : '';
  return mounts.length === 0
    ? 'mount namespace of its own'
    : `sees mounts of its own: ${shown.join(', ')}${more}`;
}

function isProgram({ type, mode, size }: MountEntry): boolean {
  return type === 'file' && size > 0 && (Number.parseInt(mode, 8) & 0o111) !== 0;
}
