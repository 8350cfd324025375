import { cpus, loadavg, release, totalmem } from 'node:os';
import { processIo } from '../src/output/io.ts';

/** Date and machine, as they stand above figures: `2026-11-23, 2 x AMD EPYC, 24 GiB, Linux 6.18.1, load 0.4`. */
export function machineLine(): string {
  const processors = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const date = processIo().now().toISOString().slice(0, 10);
  return `${date}, ${processors.length} x ${processors[0]?.model ?? 'unknown'}, ${gibibytes} GiB, Linux ${release()}, load ${load}`;
}
