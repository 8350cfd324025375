import type { Malformed } from './lines.ts';

/** Consecutive bytes of a file that hold whole records. */
export interface Block {
  readonly bytes: Buffer;
  /** Where they begin in the file. */
  readonly offset: number;
}

/** No program that writes logs writes longer lines; one that is longer is told as malformed and skipped. */
const longestLine = 4 * 1024 * 1024;

/**
 * Cuts a stream at its newlines, so that a parser of lines may take it piece by piece: memory holds one chunk of the
 * source and one line. The last line may lack its newline.
 */
export async function* lineBlocks(
  source: AsyncIterable<Buffer>,
  limit = longestLine,
): AsyncGenerator<Block | Malformed> {
  let held: Buffer[] = [];
  let length = 0;
  let offset = 0;
  let skipping = false;
  for await (const chunk of source) {
    const first = chunk.indexOf(0x0a);
    if (first < 0) {
      length += chunk.length;
      if (!skipping) held.push(chunk);
    } else {
      const end = chunk.lastIndexOf(0x0a) + 1;
      if (length > 0) {
        const line = chunk.subarray(0, first + 1);
        if (!skipping) yield { bytes: Buffer.concat([...held, line]), offset };
        offset += length + line.length;
        if (end > first + 1) yield { bytes: chunk.subarray(first + 1, end), offset };
        offset += end - (first + 1);
      } else {
        yield { bytes: chunk.subarray(0, end), offset };
        offset += end;
      }
      skipping = false;
      held = end < chunk.length ? [chunk.subarray(end)] : [];
      length = chunk.length - end;
    }
    if (length > limit && !skipping) {
      yield { malformed: `a line is longer than ${limit} bytes`, offset };
      skipping = true;
      held = [];
    }
  }
  if (length > 0 && !skipping) yield { bytes: Buffer.concat(held), offset };
}

/**
 * Cuts a stream into pieces of whole records of `unit` bytes each, some 64 KiB at a time; the rest comes last, before the
 * error of a stream that fails.
 */
export async function* recordBlocks(source: AsyncIterable<Buffer>, unit: number): AsyncGenerator<Block> {
  let held: Buffer = Buffer.alloc(0);
  let offset = 0;
  try {
    for await (const chunk of source) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const whole = held.length - (held.length % unit);
      if (whole < 64 * 1024) continue;
      yield { bytes: held.subarray(0, whole), offset };
      offset += whole;
      held = held.subarray(whole);
    }
  } catch (error) {
    if (held.length > 0) yield { bytes: held, offset };
    throw error;
  }
  if (held.length > 0) yield { bytes: held, offset };
}
