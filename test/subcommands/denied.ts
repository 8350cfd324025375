import { memoryIo } from '../support/memory-io.ts';
import { runLine } from './whole-line.ts';

/** `denied.ts LINES`: runs command lines, a JSON list of lists of words, one after the other; prints the exit code and stderr of each as JSON. */
const lines = JSON.parse(process.argv[2] ?? '[]') as string[][];
const ends: unknown[] = [];
for (const line of lines) {
  const { code, err } = await runLine(line, memoryIo({ env: { TMPDIR: process.env['TMPDIR'] } }));
  ends.push([code, err]);
}
process.stdout.write(JSON.stringify(ends));
