import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Waits for what is expected on the terminal, then types; prints all that was shown, and ends with the program's exit code. */
const driver = `
import os, pty, select, sys, time
steps = [(sys.argv[i].encode(), sys.argv[i + 1].encode()) for i in range(2, 2 + 2 * int(sys.argv[1]), 2)]
command = sys.argv[2 + 2 * int(sys.argv[1]):]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, seen, end = b"", 0, time.monotonic() + 60
while time.monotonic() < end:
    ready, _, _ = select.select([terminal], [], [], 1)
    if ready:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    while steps and shown.find(steps[0][0], seen) >= 0:
        seen = shown.find(steps[0][0], seen) + len(steps[0][0])
        os.write(terminal, steps.pop(0)[1])
else:
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.stderr.write(str(os.waitstatus_to_exitcode(status)))
`;

/** Control-C, as a terminal sends it. */
export const controlC = '\u0003';

/**
 * Runs a program on a terminal of its own (python3, pty). Each step waits for a text behind what was shown before it and
 * then types a line, an interrupt, or nothing.
 */
export async function onTerminal(
  command: readonly string[],
  steps: readonly (readonly [shown: string, typed: string])[],
): Promise<{ readonly code: number; readonly shown: string }> {
  const typed = steps.flatMap(([shown, line]) => [
    shown,
    line === '' || line === controlC ? line : `${line}\r`,
  ]);
  const { stdout, stderr } = await promisify(execFile)('/usr/bin/python3', [
    '-c',
    driver,
    String(steps.length),
    ...typed,
    ...command,
  ]);
  return { code: Number(stderr), shown: stdout };
}
