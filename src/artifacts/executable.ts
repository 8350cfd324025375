import type { Malformed } from './lines.ts';
import { decimal, lines } from './lines.ts';

/**
 * What stat said of the file that a process runs, through /proc/PID/exe: one line of `live_response/process/executables.txt`,
 * `PID DEVICE INODE LINKS SIZE MTIME CTIME`, numbers only.
 */
export interface Executable {
  readonly pid: number;
  /** Device and inode name one file as long as the node runs. */
  readonly device: number;
  readonly inode: number;
  /** 0: the file was deleted or never had a name (memfd). A name that ends in ` (deleted)` proves nothing. */
  readonly links: number;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
}

/** The lines of the table. */
export function* parseExecutables(bytes: Buffer): Generator<Executable | Malformed> {
  for (const line of lines(bytes)) {
    const [pid, device, inode, links, size, modified, changed] = line.bytes
      .toString('latin1')
      .split(' ')
      .map(decimal);
    if (
      pid === undefined ||
      device === undefined ||
      inode === undefined ||
      links === undefined ||
      size === undefined ||
      modified === undefined ||
      changed === undefined
    )
      yield { malformed: 'no line of the executables table', offset: line.offset };
    else yield { pid, device, inode, links, size, modified, changed };
  }
}
