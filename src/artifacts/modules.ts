import type { Malformed } from './lines.ts';
import { decimal, lines } from './lines.ts';

/** One line of /proc/modules: proc_modules(5), kernel/module/procfs.c `m_show`. */
export interface KernelModule {
  readonly name: string;
  /** Bytes in memory. */
  readonly size: number;
  /** Undefined when the kernel cannot unload modules. */
  readonly references: number | undefined;
  readonly usedBy: readonly string[];
  readonly state: string;
  /** Letters such as `O` (out of tree), `E` (unsigned), `P` (proprietary); empty when none. */
  readonly taints: string;
}

/** The loaded modules as the kernel lists them; one that hides itself is missing here. */
export function* parseModules(bytes: Buffer): Generator<KernelModule | Malformed> {
  for (const line of lines(bytes)) {
    const match = /^(\S+) ([0-9]+) ([0-9]+|-) (\S+) (\S+) 0x[0-9a-f]+(?: \(([A-Z+-]+)\))?\s*$/.exec(
      line.bytes.toString('latin1'),
    );
    const size = decimal(match?.[2]);
    if (match === null || size === undefined) {
      yield { malformed: 'no line of the module list', offset: line.offset };
      continue;
    }
    const [, name = '', , references, usedBy = '', state = '', taints = ''] = match;
    yield {
      name,
      size,
      references: decimal(references),
      usedBy: usedBy === '-' ? [] : usedBy.split(',').filter(Boolean),
      state,
      taints,
    };
  }
}
