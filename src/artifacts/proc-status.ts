import { decimal, lines } from './lines.ts';

/** /proc/PID/status: proc_pid_status(5), fs/proc/array.c `proc_pid_status`. Fields a kernel does not have are missing. */
export interface ProcStatus {
  /** As printed by the kernel: newline and backslash are escaped there. */
  readonly name?: string;
  readonly threadGroup?: number;
  readonly parent?: number;
  /** Pid of the tracing process, 0 when there is none. */
  readonly tracer?: number;
  /** Real, effective, saved and file-system ids. */
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  /** Its pid in each pid namespace, outermost first. */
  readonly namespacePids: readonly number[];
  /** Capability masks. */
  readonly effective?: bigint;
  readonly permitted?: bigint;
  readonly bounding?: bigint;
  readonly ambient?: bigint;
  readonly noNewPrivileges?: boolean;
  /** 0 off, 1 strict, 2 filter. */
  readonly seccomp?: number;
  /** Resident memory in KiB. */
  readonly residentKiB?: number;
}

/** Reads a status file. The first line of a name counts, so that nothing later can replace it. */
export function parseProcStatus(bytes: Buffer): ProcStatus {
  const values = new Map<string, string>();
  for (const line of lines(bytes)) {
    const text = line.bytes.toString('latin1');
    const colon = text.indexOf(':');
    if (colon < 1) continue;
    const name = text.slice(0, colon);
    if (!values.has(name)) values.set(name, text.slice(colon + 1).trim());
  }
  const number = (name: string): number | undefined => decimal(values.get(name)?.split(/\s/)[0]);
  const numbers = (name: string): number[] =>
    (values.get(name) ?? '')
      .split(/\s+/)
      .map(decimal)
      .filter((value) => value !== undefined);
  const noNewPrivileges = number('NoNewPrivs');
  return compact({
    name: values.get('Name'),
    threadGroup: number('Tgid'),
    parent: number('PPid'),
    tracer: number('TracerPid'),
    uids: numbers('Uid'),
    gids: numbers('Gid'),
    namespacePids: numbers('NSpid'),
    effective: mask(values.get('CapEff')),
    permitted: mask(values.get('CapPrm')),
    bounding: mask(values.get('CapBnd')),
    ambient: mask(values.get('CapAmb')),
    noNewPrivileges: noNewPrivileges === undefined ? undefined : noNewPrivileges === 1,
    seccomp: number('Seccomp'),
    residentKiB: number('VmRSS'),
  });
}

type Optional<T> = { readonly [K in keyof T]: T[K] | undefined };

function compact(record: Optional<Required<ProcStatus>>): ProcStatus {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as unknown as ProcStatus;
}

function mask(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined;
}
