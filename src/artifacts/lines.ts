/** A piece of a file that is not the record it should be; the parser says so and goes on behind it. */
export interface Malformed {
  /** Why, in plain ASCII, without bytes of the evidence. */
  readonly malformed: string;
  /** Byte offset of the piece in the file. */
  readonly offset: number;
}

/** One line without its newline. */
export interface Line {
  readonly bytes: Buffer;
  /** Byte offset of the line in the file. */
  readonly offset: number;
}

/** True for the records of a parser that are no records. */
export function isMalformed(record: object): record is Malformed {
  return 'malformed' in record;
}

/** The lines of a file; the last one may lack its newline. An empty file has none. */
export function* lines(bytes: Buffer): Generator<Line> {
  for (let offset = 0; offset < bytes.length;) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline < 0 ? bytes.length : newline;
    yield { bytes: bytes.subarray(offset, end), offset };
    offset = end + 1;
  }
}

/**
 * The first `count` fields of a line, separated by runs of spaces or tabs, and the rest behind the one separator that follows.
 * Undefined when there are fewer. The fields are ASCII; the rest stays bytes because names may stand in it.
 */
export function fields(line: Buffer, count: number): { values: string[]; rest: Buffer } | undefined {
  const values: string[] = [];
  let at = 0;
  while (values.length < count) {
    while (isBlank(line[at])) at += 1;
    const start = at;
    while (at < line.length && !isBlank(line[at])) at += 1;
    if (at === start) return undefined;
    values.push(line.toString('latin1', start, at));
  }
  return { values, rest: line.subarray(Math.min(at + 1, line.length)) };
}

/** A decimal number of digits only, undefined for anything else and above 2^53. */
export function decimal(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,20}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A hexadecimal number of digits only, undefined for anything else and above 2^53. */
export function hexadecimal(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9a-f]{1,16}$/i.test(text)) return undefined;
  const value = Number.parseInt(text, 16);
  return Number.isSafeInteger(value) ? value : undefined;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
