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
