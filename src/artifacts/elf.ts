/** What the header of a program says: elf(5), gABI chapter 4. */
export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly order: 'little' | 'big';
  /** Such as `EXEC`, `DYN`, `CORE`; else its number. */
  readonly type: string;
  /** Such as `x86-64`; else its number. */
  readonly machine: string;
  readonly entry: bigint;
  /** Its number of ELFOSABI_*. */
  readonly abi: number;
  readonly flags: number;
  readonly programHeaders: ElfTable;
  /** `count` 0 for a program that was stripped of them, as packers do. */
  readonly sectionHeaders: ElfTable;
  /** The dynamic linker, raw bytes; missing for a static program or when it lies behind the bytes read. */
  readonly interpreter?: Buffer;
}

/** Where a table of the file is: offset, bytes of an entry, entries. */
export interface ElfTable {
  readonly offset: bigint;
  readonly entryBytes: number;
  readonly count: number;
}

/** Bytes from the start that hold the header, the program headers and the name of the linker of all usual programs. */
export const elfHeadBytes = 64 * 1024;
const types = ['NONE', 'REL', 'EXEC', 'DYN', 'CORE'];
/** EM_* of include/uapi/linux/elf-em.h. */
const machines: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390',
  40: 'arm',
  62: 'x86-64',
  183: 'aarch64',
  243: 'riscv',
  247: 'bpf',
  258: 'loongarch',
};
const interpreterType = 3;
const mostHeaders = 256;

/** The header at the start of a file; nothing when the bytes are no ELF file. */
export function* parseElf(head: Buffer): Generator<ElfHeader> {
  const header = readHeader(head);
  if (header === undefined) return;
  const interpreter = interpreterOf(head, header);
  yield interpreter === undefined ? header : { ...header, interpreter };
}

function readHeader(head: Buffer): ElfHeader | undefined {
  const bits = head[4] === 1 ? 32 : head[4] === 2 ? 64 : undefined;
  const order = head[5] === 1 ? 'little' : head[5] === 2 ? 'big' : undefined;
  if (head.length < 52 || head.readUInt32BE(0) !== 0x7f454c46) return undefined;
  if (bits === undefined || order === undefined || (bits === 64 && head.length < 64)) return undefined;
  const read = reader(head, order, bits);
  const word = bits / 8;
  const type = read.half(16);
  const machine = read.half(18);
  const at = 24 + 3 * word;
  return {
    bits,
    order,
    type: types[type] ?? String(type),
    machine: machines[machine] ?? String(machine),
    entry: read.address(24),
    abi: head[7] ?? 0,
    flags: read.word(at),
    programHeaders: {
      offset: read.address(24 + word),
      entryBytes: read.half(at + 6),
      count: read.half(at + 8),
    },
    sectionHeaders: {
      offset: read.address(24 + 2 * word),
      entryBytes: read.half(at + 10),
      count: read.half(at + 12),
    },
  };
}

function interpreterOf(head: Buffer, { bits, order, programHeaders }: ElfHeader): Buffer | undefined {
  const read = reader(head, order, bits);
  const { offset, entryBytes, count } = programHeaders;
  if (entryBytes < (bits === 64 ? 56 : 32)) return undefined;
  for (let index = 0; index < Math.min(count, mostHeaders); index += 1) {
    const at = Number(offset) + index * entryBytes;
    if (at + entryBytes > head.length) return undefined;
    if (read.word(at) !== interpreterType) continue;
    const start = Number(read.address(at + (bits === 64 ? 8 : 4)));
    const length = Number(read.address(at + (bits === 64 ? 32 : 16)));
    if (start + length > head.length || length > 4096) return undefined;
    const name = head.subarray(start, start + length);
    const nul = name.indexOf(0);
    return nul < 0 ? name : name.subarray(0, nul);
  }
  return undefined;
}

function reader(
  bytes: Buffer,
  order: 'little' | 'big',
  bits: 32 | 64,
): { half(at: number): number; word(at: number): number; address(at: number): bigint } {
  const little = order === 'little';
  const word = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  return {
    half: (at) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    word,
    address: (at) =>
      bits === 32 ? BigInt(word(at)) : little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at),
  };
}
