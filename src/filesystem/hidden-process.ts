import { pathText, timeText } from './path-text.ts';
import type { HiddenProcess } from './pod-diff.ts';
import type { Member } from './processes.ts';
import { startTime } from './processes.ts';

/** What /proc/PID/exe says behind the name of a file that was deleted (fs/d_path.c). */
const deletedMark = ' (deleted)';

/**
 * The processes of a container that run a file without a name, deleted since or only ever in memory, or one of `changed`, which are
 * paths in the container whose content is not the image's, one byte per character.
 */
export function hiddenProcesses(
  members: readonly Member[],
  bootTime: Buffer | undefined,
  changed: ReadonlySet<string> = new Set(),
): HiddenProcess[] {
  const hidden: HiddenProcess[] = [];
  for (const { pid, containerPid, name, executable, startTicks } of members) {
    if (executable === undefined) continue;
    const nameless = executable.links === 0;
    if (!nameless && !changed.has(executable.path)) continue;
    const path =
      nameless && executable.path.endsWith(deletedMark)
        ? executable.path.slice(0, -deletedMark.length)
        : executable.path;
    const started = startTime(bootTime, startTicks);
    hidden.push({
      pid,
      ...(containerPid === undefined ? {} : { containerPid }),
      name: pathText(name).path,
      executable: pathText(path).path,
      reason: !nameless ? 'changed' : path.startsWith('/memfd:') ? 'memfd' : 'deleted',
      size: executable.size,
      ...(started === undefined ? {} : { started: timeText(started) }),
    });
  }
  return hidden;
}

/** What the processes of a container run, as their links say, one byte per character. */
export function programsOf(members: readonly Member[]): Set<string> {
  return new Set(members.flatMap(({ executable }) => (executable === undefined ? [] : [executable.path])));
}
