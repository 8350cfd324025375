import { type Malformed, decimal, lines } from './lines.ts';

/** One region of /proc/PID/maps: proc_pid_maps(5), fs/proc/task_mmu.c `show_map_vma`. */
export interface MemoryRegion {
  readonly start: bigint;
  readonly end: bigint;
  /** Such as `r-xp`. */
  readonly permissions: string;
  readonly offset: bigint;
  /** `major:minor`, hexadecimal as the kernel prints it. */
  readonly device: string;
  readonly inode: number;
  /** Raw bytes; a newline is `\012` here. Missing for memory without a file. */
  readonly path?: Buffer;
  /** The kernel says ` (deleted)`; a file may also be called so. */
  readonly deleted: boolean;
}

const region =
  /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][sp]) ([0-9a-f]{1,16}) ([0-9a-f]+:[0-9a-f]+) ([0-9]+) *(.*)$/s;

/** The regions of one process by rising address. */
export function* parseMemoryMap(bytes: Buffer): Generator<MemoryRegion | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    const match = region.exec(line.toString('latin1'));
    const inode = decimal(match?.[6]);
    if (match === null || inode === undefined) {
      yield { malformed: 'no region of a memory map', offset };
      continue;
    }
    const [, start = '', end = '', permissions = '', at = '', device = '', , path = ''] = match;
    yield {
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${end}`),
      permissions,
      offset: BigInt(`0x${at}`),
      device,
      inode,
      ...(path === '' ? {} : { path: Buffer.from(path, 'latin1') }),
      deleted: path.endsWith(' (deleted)'),
    };
  }
}
