type Value = string | readonly string[] | readonly number[];

/** A package's header as rpm stores it, from values by tag. */
export function rpmHeader(values: Readonly<Record<number, Value>>): Buffer {
  const entries: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [number, value] of Object.entries(values)) {
    const list = typeof value === 'string' ? [value] : value;
    const isNumber = typeof list[0] === 'number';
    const padding = isNumber ? Buffer.alloc((4 - (offset % 4)) % 4) : Buffer.alloc(0);
    const bytes = Buffer.concat(
      list.map((one) => {
        if (typeof one === 'string') return Buffer.from(`${one}\0`);
        const word = Buffer.alloc(4);
        word.writeUInt32BE(one);
        return word;
      }),
    );
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(number), 0);
    entry.writeUInt32BE(isNumber ? 4 : typeof value === 'string' ? 6 : 8, 4);
    entry.writeUInt32BE(offset + padding.length, 8);
    entry.writeUInt32BE(list.length, 12);
    entries.push(entry);
    data.push(padding, bytes);
    offset += padding.length + bytes.length;
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(entries.length, 0);
  head.writeUInt32BE(offset, 4);
  return Buffer.concat([head, ...entries, ...data]);
}

/** The header of a package with two files in two directories. */
export const sampleHeader = rpmHeader({
  1000: 'bash',
  1001: '5.2.15',
  1002: '3.fc38',
  1003: [1],
  1008: [1_763_000_000],
  1011: 'Fedora Project',
  1022: 'x86_64',
  1035: ['ab'.repeat(32), ''],
  1044: 'bash-5.2.15-3.fc38.src.rpm',
  1116: [0, 1],
  1117: ['bash', 'doc'],
  1118: ['/usr/bin/', '/usr/share/'],
  5011: [8],
});
