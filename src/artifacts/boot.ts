import { decimal, lines } from './lines.ts';

/** When the node booted, in seconds since the epoch: `btime` of /proc/stat (proc_stat(5)). Undefined when it is missing. */
export function parseBootTime(stat: Buffer): number | undefined {
  for (const line of lines(stat)) {
    const match = /^btime ([0-9]+)$/.exec(line.bytes.toString('latin1'));
    if (match !== null) return decimal(match[1]);
  }
  return undefined;
}

/** A node's clock as `clock.sh` prints it, `SECONDS NANOSECONDS`, in milliseconds since the epoch. */
export function parseClock(bytes: Buffer): number | undefined {
  const match = /^([0-9]{1,12}) ([0-9]{1,9})\n$/.exec(bytes.toString('latin1'));
  return match === null ? undefined : Number(match[1]) * 1000 + Number(match[2]) / 1e6;
}
