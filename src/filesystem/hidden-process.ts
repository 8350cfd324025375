import { pathText, timeText } from './path-text.ts';
import type { HiddenProcess } from './pod-diff.ts';
import type { Member } from './processes.ts';
import { startTime } from './processes.ts';

/** What /proc/PID/exe says behind the name of a file that was deleted (fs/d_path.c). */
const deletedMark = ' (deleted)';

/** The processes of a container that run a file without a name: deleted since, or only ever in memory. */
export function hiddenProcesses(members: readonly Member[], bootTime: Buffer | undefined): HiddenProcess[] {
  const hidden: HiddenProcess[] = [];
  for (const { pid, containerPid, name, executable, startTicks } of members) {
    if (executable?.links !== 0) continue;
    const path = executable.path.endsWith(deletedMark)
      ? executable.path.slice(0, -deletedMark.length)
      : executable.path;
    const started = startTime(bootTime, startTicks);
    hidden.push({
      pid,
      ...(containerPid === undefined ? {} : { containerPid }),
      name: pathText(name).path,
      executable: pathText(path).path,
      reason: path.startsWith('/memfd:') ? 'memfd' : 'deleted',
      size: executable.size,
      ...(started === undefined ? {} : { started: timeText(started) }),
    });
  }
  return hidden;
}
