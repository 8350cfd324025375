import type { Placeholders } from './placeholder.ts';
import { redactLine } from './redact-line.ts';
import { redactObjects } from './redact-objects.ts';

/** A longer line is replaced as a whole. */
const longestLine = 64 * 1024;
const newline = 10;
const beginKey = /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----\s*$/;
const endKey = /-----END [A-Z ]{0,32}PRIVATE KEY-----/;

/** Text with the secrets in its lines replaced, those that are JSON as objects; private keys over several lines (RFC 7468) too. Memory is bounded by a line. */
export async function* redactText(
  source: AsyncIterable<Buffer>,
  placeholders: Placeholders,
): AsyncGenerator<Buffer> {
  let inKey = false;
  const redact = (bytes: Buffer): string => {
    const line = bytes.toString('latin1');
    if (endKey.test(line)) inKey = false;
    if (inKey) return line.trim() === '' ? line : placeholders.of(bytes);
    if (beginKey.test(line)) inKey = true;
    const object = line.startsWith('{') ? redactObjects(bytes, placeholders) : undefined;
    return object?.toString('latin1') ?? redactLine(line, placeholders);
  };
  for await (const { lines, end } of linesIn(source, placeholders))
    yield Buffer.from(
      lines.map((line) => (typeof line === 'string' ? line : redact(line))).join('\n') + end,
      'latin1',
    );
}

interface Lines {
  /** Lines without newline; a string is what stands for one that was too long. */
  readonly lines: readonly (Buffer | string)[];
  readonly end: '\n' | '';
}

/** The lines of a stream, as many at a time as a chunk completes. */
async function* linesIn(source: AsyncIterable<Buffer>, placeholders: Placeholders): AsyncGenerator<Lines> {
  let held: Buffer[] = [];
  let length = 0;
  let long: ReturnType<Placeholders['begin']> | undefined;
  const add = (piece: Buffer): void => {
    length += piece.length;
    if (long === undefined && length > longestLine) {
      long = placeholders.begin();
      for (const earlier of held) long.update(earlier);
      held = [];
    }
    if (long === undefined) held.push(piece);
    else long.update(piece);
  };
  const take = (): Buffer | string => {
    const line = long === undefined ? Buffer.concat(held) : placeholders.end(long);
    held = [];
    length = 0;
    long = undefined;
    return line;
  };
  for await (const chunk of source) {
    const lines: (Buffer | string)[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, at));
      lines.push(take());
      from = at + 1;
    }
    if (from < chunk.length) add(Buffer.from(chunk.subarray(from)));
    if (lines.length > 0) yield { lines, end: '\n' };
  }
  if (length > 0) yield { lines: [take()], end: '' };
}
