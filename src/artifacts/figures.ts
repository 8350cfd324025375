/** What a container, a pod or a node uses. Counters count from the start of what they are of; `undefined` is not known. */
export interface Figures {
  /** Processor time in nanoseconds, to the nearest double: above 2^53, which are 104 days, at most 1024 too much or too few. */
  readonly cpuNs?: number;
  /** Periods in which it was held back because its limit was used up, and all periods with a limit. */
  readonly throttledPeriods?: number;
  readonly periods?: number;
  readonly memoryBytes?: number;
  /** Memory without pages of files that were not used for long: what the kubelet counts before it evicts. */
  readonly workingSetBytes?: number;
  /** Missing when there is none. */
  readonly memoryLimitBytes?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  readonly receivedBytes?: number;
  readonly sentBytes?: number;
  readonly processes?: number;
}

type Reader = (text: string) => Figures;

/** A limit beyond any machine is none: cgroup v1 writes the largest multiple of a page below 2^63. */
const noLimit = 2 ** 60;

/**
 * Readers of the files of a cgroup by their names, both versions: Documentation/admin-guide/cgroup-v1/{cpuacct,memory,
 * blkio-controller,pids}.rst and cgroup-v2.rst of the kernel. A number that is none is left out.
 */
const readers: Readonly<Record<string, Reader>> = {
  'cpuacct.usage': (text) => only({ cpuNs: /^\d{1,20}\s*$/.test(text) ? Number(text) : undefined }),
  'cpu.stat': (text) => {
    const values = pairs(text);
    const usec = values.get('usage_usec');
    return only({
      cpuNs: usec === undefined ? undefined : usec * 1000,
      periods: values.get('nr_periods'),
      throttledPeriods: values.get('nr_throttled'),
    });
  },
  'memory.usage_in_bytes': (text) => only({ memoryBytes: whole(text) }),
  'memory.current': (text) => only({ memoryBytes: whole(text) }),
  'memory.limit_in_bytes': (text) => only({ memoryLimitBytes: limit(text) }),
  'memory.max': (text) => only({ memoryLimitBytes: limit(text) }),
  'blkio.throttle.io_service_bytes': (text) =>
    only({ readBytes: sum(text, / Read (\d{1,20})$/), writtenBytes: sum(text, / Write (\d{1,20})$/) }),
  'io.stat': (text) =>
    only({ readBytes: sum(text, /\brbytes=(\d{1,20})/), writtenBytes: sum(text, /\bwbytes=(\d{1,20})/) }),
  'pids.current': (text) => only({ processes: whole(text) }),
};

/** Bytes of memory.stat that do not count for the working set. */
export function inactiveBytes(text: string): number | undefined {
  const values = pairs(text);
  return values.get('total_inactive_file') ?? values.get('inactive_file');
}

/** What a file of a cgroup says; nothing for files that say nothing of this. */
export function readFigures(file: string, text: string): Figures {
  return Object.hasOwn(readers, file) ? (readers[file]?.(text) ?? {}) : {};
}

/** Bytes that went through all devices of a network namespace but its loopback: proc_pid_net(5), net/dev. */
export function readNetwork(text: string): Figures {
  let receivedBytes = 0;
  let sentBytes = 0;
  for (const line of text.split('\n')) {
    const [, name, rest = ''] = /^ *([^:]+):(.*)$/.exec(line) ?? [];
    if (name === undefined || name === 'lo') continue;
    const fields = rest.trim().split(/ +/).map(Number);
    receivedBytes += fields[0] ?? 0;
    sentBytes += fields[8] ?? 0;
  }
  return Number.isSafeInteger(receivedBytes + sentBytes) ? { receivedBytes, sentBytes } : {};
}

function only(figures: { readonly [K in keyof Figures]: number | undefined }): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}

function whole(text: string): number | undefined {
  return /^\d{1,15}\s*$/.test(text) ? Number(text) : undefined;
}

function limit(text: string): number | undefined {
  const value = /^\d{1,20}\s*$/.test(text) ? Number(text) : undefined;
  return value === undefined || value >= noLimit ? undefined : value;
}

function pairs(text: string): Map<string, number> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const match = /^(\w+) (\d{1,15})$/.exec(line);
      return match === null ? [] : [[match[1] ?? '', Number(match[2])] as const];
    }),
  );
}

function sum(text: string, pattern: RegExp): number {
  return text.split('\n').reduce((total, line) => total + Number(pattern.exec(line)?.[1] ?? 0), 0);
}
