import type { Malformed } from './lines.ts';
import { decimal, lines } from './lines.ts';

/** The mount through which a process has a file open: one line of `live_response/process/descriptor_mounts.txt`. */
export interface DescriptorMount {
  readonly pid: number;
  /** Number of the descriptor. */
  readonly descriptor: number;
  /** As in the first field of a mount table; given out anew when a mount ends. */
  readonly mount: number;
}

/** The lines of the table, as grep prints `mnt_id` of proc_pid_fdinfo(5): `PID/fdinfo/N:mnt_id:` and the number. */
export function* parseDescriptorMounts(bytes: Buffer): Generator<DescriptorMount | Malformed> {
  for (const line of lines(bytes)) {
    const words = /^([0-9]+)\/fdinfo\/([0-9]+):mnt_id:\s+([0-9]+)$/.exec(line.bytes.toString('latin1'));
    const [pid, descriptor, mount] = (words ?? []).slice(1).map(decimal);
    if (pid === undefined || descriptor === undefined || mount === undefined)
      yield { malformed: 'no line of the mounts of descriptors', offset: line.offset };
    else yield { pid, descriptor, mount };
  }
}
