import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { terminalLine } from '../output/line.ts';
import { type Io, writeChunk } from '../output/io.ts';

/**
 * Asks for the passphrase of a key file without showing what is typed; undefined where there is no terminal. The end of
 * input is an empty passphrase.
 */
export async function askPassphrase(io: Io, path: string, signal: AbortSignal): Promise<string | undefined> {
  if (!io.interactive) return undefined;
  await writeChunk(io.stderr, `Passphrase of ${terminalLine(path)}: `);
  // The line editor puts the terminal into raw mode and echoes to its output, which goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true, historySize: 0 });
  try {
    const ended = once(lines, 'close').then(() => '');
    return await Promise.race([lines.question('', { signal }), ended]);
  } finally {
    lines.close();
    await writeChunk(io.stderr, '\n');
  }
}
