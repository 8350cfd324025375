/** What a column holds: integers as bigint. */
export type SqliteValue = bigint | number | string | Buffer | null;

/** SQLite can't be built for more (sqlite.org/limits.html, 2); of a value that is none there may be as many as the payload has bytes. */
const mostColumns = 32_767;

/** A variable-length integer of up to nine bytes and where the next byte is; undefined when it is cut. */
export function varint(
  bytes: Buffer,
  at: number,
): { readonly value: bigint; readonly next: number } | undefined {
  let value = 0n;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    if (index === 8) return { value: (value << 8n) | BigInt(byte), next: at + 9 };
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return undefined;
}

/** The values of a record in the format of sqlite.org/fileformat2.html, 2.1; undefined when it is unsound. Text is UTF-8. */
export function parseSqliteRecord(payload: Buffer): SqliteValue[] | undefined {
  const header = varint(payload, 0);
  if (header === undefined || header.value > BigInt(payload.length)) return undefined;
  const end = Number(header.value);
  const values: SqliteValue[] = [];
  let at = end;
  for (let next = header.next; next < end;) {
    const serial = varint(payload, next);
    if (serial === undefined) return undefined;
    next = serial.next;
    const length = lengthOf(serial.value);
    if (length === undefined || at + length > payload.length || values.length === mostColumns)
      return undefined;
    values.push(valueOf(serial.value, payload.subarray(at, at + length)));
    at += length;
  }
  return values;
}

const lengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function lengthOf(serial: bigint): number | undefined {
  if (serial < 10n) return lengths[Number(serial)];
  if (serial < 12n || serial > 0xffff_ffffn) return undefined;
  return Math.floor((Number(serial) - 12) / 2);
}

function valueOf(serial: bigint, bytes: Buffer): SqliteValue {
  if (serial === 0n) return null;
  if (serial === 7n) return bytes.readDoubleBE(0);
  if (serial === 8n) return 0n;
  if (serial === 9n) return 1n;
  if (serial < 7n) return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  return serial % 2n === 0n ? bytes : bytes.toString('utf8');
}
