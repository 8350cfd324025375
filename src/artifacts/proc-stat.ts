/** /proc/PID/stat: proc_pid_stat(5), fs/proc/array.c `do_task_stat`. */
export interface ProcStat {
  readonly pid: number;
  /** Name of the program, up to 15 bytes (kernel threads up to 63), chosen by the process: any bytes but NUL. */
  readonly comm: Buffer;
  /** One letter: R S D Z T t X I … */
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** Device number of the controlling terminal, 0 when there is none. */
  readonly tty: number;
  /** PF_* bits of the task. */
  readonly flags: number;
  /** User and system time in clock ticks. */
  readonly utime: number;
  readonly stime: number;
  readonly threads: number;
  /** Start after boot in clock ticks (100 a second on every architecture of today); with the pid it names one process. */
  readonly startTicks: number;
}

/** PF_KTHREAD of include/linux/sched.h. */
const kernelThread = 0x0020_0000;

/**
 * Reads one stat line. The name stands between the first `(` and the **last** `)`, because it may hold both and newlines.
 * Undefined when the bytes are no such line.
 */
export function parseProcStat(bytes: Buffer): ProcStat | undefined {
  const open = bytes.indexOf(' (');
  const close = bytes.lastIndexOf(') ');
  if (open < 1 || close < open + 1) return undefined;
  const pid = integer(bytes.toString('latin1', 0, open));
  const [state, ...rest] = bytes
    .toString('latin1', close + 2)
    .trimEnd()
    .split(' ');
  if (state === undefined || !/^[A-Za-z]$/.test(state)) return undefined;
  const number = (field: number): number | undefined => integer(rest[field - 4]);
  const record = {
    pid,
    comm: bytes.subarray(open + 2, close),
    state,
    ppid: number(4),
    pgrp: number(5),
    session: number(6),
    tty: number(7),
    flags: number(9),
    utime: number(14),
    stime: number(15),
    threads: number(20),
    startTicks: number(22),
  };
  return isComplete(record) ? record : undefined;
}

/** True for a thread of the kernel, by the kernel's own flag and not by its name. */
export function isKernelThread(stat: ProcStat): boolean {
  return Math.floor(stat.flags / kernelThread) % 2 === 1;
}

function integer(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?[0-9]{1,20}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

function isComplete(record: {
  readonly [K in keyof ProcStat]: ProcStat[K] | undefined;
}): record is ProcStat {
  return Object.values(record).every((value) => value !== undefined);
}
