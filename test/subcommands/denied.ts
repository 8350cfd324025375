import { main } from '../../src/cli.ts';
import { memoryIo } from '../support/memory-io.ts';

/** `denied.ts LINES`: runs command lines, a JSON list of lists of words, one after the other; prints the exit code and stderr of each as JSON. */
const lines = JSON.parse(process.argv[2] ?? '[]') as string[][];
const nothing = (): void => undefined;
const signals = { onInterrupt: () => nothing, onCrash: () => nothing, exitNow: nothing };
const ends: unknown[] = [];
for (const line of lines) {
  const io = memoryIo({ env: { TMPDIR: process.env['TMPDIR'] } });
  ends.push([await main(line, io, signals), io.err()]);
}
process.stdout.write(JSON.stringify(ends));
