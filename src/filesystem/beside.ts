import type { Mount } from '../artifacts/mountinfo.ts';
import type { Listed } from './mount-contents.ts';
import { isListed } from './mount-contents.ts';
import { containerMounts, nodePathOf, readMounts, shownMount } from './mounts.ts';
import { mountsOnlyIn, strangersOf } from './namespaces.ts';
import { parseOpenFiles } from './open-files.ts';
import type { Blind, ContainerDiff, MountContent } from './pod-diff.ts';
import type { Member } from './processes.ts';
import { firstProcess } from './processes.ts';

/** What was told of a running container by diff-locate.sh. */
export interface Located {
  readonly token: string;
  readonly outputs: ReadonlyMap<string, Buffer>;
  readonly members: readonly Member[];
  /** /proc/PID/mountinfo of a process; undefined when it did not come whole. */
  readonly table: (pid: number) => Buffer | undefined;
}

export type Beside = Pick<ContainerDiff, 'mounts' | 'openFiles' | 'namespaces' | 'blind'>;

/** What was found beside the layers, and the mounts whose content is still to be listed. */
export interface BesideLayers {
  readonly listed: readonly Listed[];
  /** All of it, when they were listed. */
  readonly found: (contents: ReadonlyMap<Mount, MountContent>) => Beside;
}

/** What no comparison of disks can show of a running container: open files without a name, memory, volumes, mounts made from inside. */
export function lookBeside(located: Located): BesideLayers {
  const { outputs, members, token, table } = located;
  const first = firstProcess(members)?.pid ?? 0;
  const node = readMounts(table(1) ?? Buffer.alloc(0));
  const own = readMounts(table(first) ?? Buffer.alloc(0));
  const strangers = strangersOf(outputs, members, first, token).map((stranger) => {
    const pid = stranger.pids.find((one) => table(one) !== undefined) ?? 0;
    return { ...stranger, pid, mounts: mountsOnlyIn(readMounts(table(pid) ?? Buffer.alloc(0)), own) };
  });
  const listed = (mounts: readonly Mount[], pid: number): Listed[] =>
    mounts.flatMap((mount) => {
      const nodePath = nodePathOf(mount, node);
      if (!isListed(mount, nodePath)) return [];
      return [{ mount, pid, ...(nodePath === undefined ? {} : { nodePath }) }];
    });
  const openFiles = parseOpenFiles(outputs, members, token);
  const blind: Blind[] = strangers
    .filter(({ pid }) => pid === 0)
    .map(({ pids }) => ({
      what: `the mounts of process ${pids.join(', ')}`,
      why: 'it is in a mount namespace of its own, whose table could not be read',
    }));
  if (openFiles === undefined) blind.push({ what: 'open files', why: 'their list could not be read' });
  return {
    listed: [listed(own, first), ...strangers.map(({ mounts, pid }) => listed(mounts, pid))].flat(),
    found: (contents) => ({
      mounts: containerMounts(own, table(1), contents),
      openFiles: openFiles ?? [],
      namespaces: strangers.map(({ namespace, pids, mounts }) => ({
        namespace,
        pids,
        mounts: mounts.map((mount) => shownMount(mount, node, contents.get(mount))),
      })),
      blind,
    }),
  };
}
