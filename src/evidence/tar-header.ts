/**
 * Headers of the GNU tar format (magic `ustar␠␠␀`, field offsets as in the GNU tar manual, "Basic Tar Format"):
 * numbers that do not fit their octal field are stored in base 256, names and link targets longer than 100 bytes in a
 * `././@LongLink` member before the header. Names are raw bytes.
 */
export interface TarEntry {
  /** Member name without trailing slash. */
  readonly name: Buffer;
  readonly type: 'file' | 'symlink' | 'directory';
  readonly target?: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of data; 0 for what is no file. */
  readonly size: number;
  /** Whole seconds since the epoch; may be negative. */
  readonly mtime: bigint;
}

export const tarBlock = 512;

/** Two zero blocks end a tar. */
export const tarEnd = Buffer.alloc(2 * tarBlock);

const nameField = 100;
const longLinkName = Buffer.from('././@LongLink');
const typeflags = { file: '0', symlink: '2', directory: '5', longName: 'L', longTarget: 'K' } as const;

/** Zero bytes needed after `size` bytes of data to fill the last block. */
export function tarPadding(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

/** Everything that stands before an entry's data: long name and target when needed, then the header block. */
export function encodeTarHeader(entry: TarEntry): Buffer {
  const name = entry.type === 'directory' ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
  const target = entry.target ?? Buffer.alloc(0);
  const parts: Buffer[] = [];
  if (target.length > nameField) parts.push(longMember(target, typeflags.longTarget));
  if (name.length > nameField) parts.push(longMember(name, typeflags.longName));
  parts.push(block({ ...entry, name, target }, typeflags[entry.type]));
  return Buffer.concat(parts);
}

/** Member name of a header made by `encodeTarHeader`, as far as `bytes` hold it; undefined when they hold no header. */
export function decodeTarName(bytes: Buffer): Buffer | undefined {
  let long: Buffer | undefined;
  for (let at = 0; at + tarBlock <= bytes.length;) {
    const header = bytes.subarray(at, at + tarBlock);
    if (header.toString('latin1', 257, 263) !== 'ustar ') return undefined;
    const flag = String.fromCharCode(header[156] ?? 0);
    if (flag !== typeflags.longName && flag !== typeflags.longTarget)
      return long ?? cString(header.subarray(0, nameField));
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8);
    const data = bytes.subarray(at + tarBlock, at + tarBlock + size);
    if (flag === typeflags.longName) long = cString(data);
    at += tarBlock + size + tarPadding(size);
  }
  return long;
}

function longMember(bytes: Buffer, flag: string): Buffer {
  const size = bytes.length + 1;
  const header = block(
    { name: longLinkName, target: Buffer.alloc(0), mode: 0o644, uid: 0, gid: 0, size, mtime: 0n },
    flag,
  );
  return Buffer.concat([header, bytes, Buffer.alloc(1 + tarPadding(size))]);
}

function block(entry: Omit<TarEntry, 'type' | 'target'> & { readonly target: Buffer }, flag: string): Buffer {
  const header = Buffer.alloc(tarBlock);
  entry.name.copy(header, 0, 0, nameField);
  number(header, 100, 8, BigInt(entry.mode & 0o7777));
  number(header, 108, 8, BigInt(entry.uid));
  number(header, 116, 8, BigInt(entry.gid));
  number(header, 124, 12, BigInt(entry.size));
  number(header, 136, 12, entry.mtime);
  header.write('        ', 148, 'latin1');
  header.write(flag, 156, 'latin1');
  entry.target.copy(header, 157, 0, nameField);
  header.write('ustar  \0', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** Octal with a closing NUL; else two's complement big-endian with the top bit set ("base-256", GNU tar manual). */
function number(header: Buffer, at: number, width: number, value: bigint): void {
  const octal = value.toString(8);
  if (value >= 0n && octal.length < width) {
    header.write(`${octal.padStart(width - 1, '0')}\0`, at, 'latin1');
    return;
  }
  const bits = BigInt.asUintN(8 * width, value)
    .toString(16)
    .padStart(2 * width, '0');
  Buffer.from(bits, 'hex').copy(header, at);
  header.writeUInt8((header[at] ?? 0) | 0x80, at);
}

function cString(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}
