/** One entry of /proc/PID/environ. */
export interface EnvironmentEntry {
  readonly name: Buffer;
  /** Undefined when the entry has no `=`: the memory is the process's own to write. */
  readonly value: Buffer | undefined;
}

/**
 * The arguments of /proc/PID/cmdline (proc_pid_cmdline(5)): each ends with NUL, empty ones count.
 * A last piece without NUL is an argument too: processes that rewrite their title leave one.
 */
export function splitNul(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const nul = bytes.indexOf(0, start);
    const end = nul < 0 ? bytes.length : nul;
    pieces.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return pieces;
}

/** The entries of /proc/PID/environ (proc_pid_environ(5)): the environment at exec, split at the first `=`. */
export function* parseEnviron(bytes: Buffer): Generator<EnvironmentEntry> {
  for (const piece of splitNul(bytes)) {
    if (piece.length === 0) continue;
    const equals = piece.indexOf(0x3d);
    yield equals < 0
      ? { name: piece, value: undefined }
      : { name: piece.subarray(0, equals), value: piece.subarray(equals + 1) };
  }
}
