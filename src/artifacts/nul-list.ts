/**
 * The arguments of /proc/PID/cmdline (proc_pid_cmdline(5)): each ends with NUL, empty ones count.
 * A last piece without NUL is an argument too: processes that rewrite their title leave one. Of more than `most` pieces the
 * last holds all the rest, NULs too: a piece takes a hundred times the memory of an empty argument.
 */
export function splitNul(bytes: Buffer, most = Infinity): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const nul = bytes.indexOf(0, start);
    const isLast = pieces.length + 1 >= most && nul + 1 < bytes.length;
    const end = nul < 0 || isLast ? bytes.length : nul;
    pieces.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return pieces;
}
