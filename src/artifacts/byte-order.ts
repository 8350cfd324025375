import { lines } from './lines.ts';

/** How a machine writes numbers into memory, which some tables of /proc print as it lies there. */
export type ByteOrder = 'little' | 'big';

/**
 * The byte order of a machine by its /proc/cpuinfo. Of the architectures that Kubernetes runs on only s390x is big-endian,
 * and its first line says so (arch/s390/kernel/processor.c `show_cpu_summary`).
 */
export function byteOrderOf(cpuinfo: Buffer): ByteOrder {
  for (const { bytes } of lines(cpuinfo))
    if (/^vendor_id\s*:\s*IBM\/S390\s*$/.test(bytes.toString('latin1'))) return 'big';
  return 'little';
}
