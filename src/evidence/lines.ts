import { OperationError } from '../output/errors.ts';

/** A line is longer than any that this program writes: it is not as it was. */
export class LongLineError extends OperationError {}

/**
 * Lines of a byte stream without their newline, as bytes. A last line without newline is yielded too, `ended` false.
 * Throws LongLineError when a line is longer than `limit` bytes, so that memory stays bounded.
 */
export async function* linesOf(
  source: AsyncIterable<Buffer>,
  limit = 16 * 1024 * 1024,
): AsyncGenerator<{ readonly bytes: Buffer; readonly ended: boolean }> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, at);
      yield { bytes: length === 0 ? piece : Buffer.concat([...held, piece]), ended: true };
      held = [];
      length = 0;
      from = at + 1;
    }
    if (from < chunk.length) {
      held.push(chunk.subarray(from));
      length += chunk.length - from;
    }
    if (length > limit) throw new LongLineError(`a line is longer than ${String(limit)} bytes`);
  }
  if (length > 0) yield { bytes: Buffer.concat(held), ended: false };
}
