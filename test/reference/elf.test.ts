import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { elfHeadBytes, type ElfHeader, parseElf } from '../../src/artifacts/elf.ts';

const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** Words of readelf for ours. */
const machines: Readonly<Record<string, string>> = {
  'x86-64': 'Advanced Micro Devices X86-64',
  aarch64: 'AArch64',
  i386: 'Intel 80386',
};

function programs(): string[] {
  const places = ['/usr/bin', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib/systemd'];
  const files = places.flatMap((place) => {
    try {
      return readdirSync(place, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(place, entry.name))
        .sort()
        .slice(0, 150);
    } catch {
      return [];
    }
  });
  return [...files, realpathSync(process.execPath)];
}

function headOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(elfHeadBytes);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

function describeOurs({
  bits,
  order,
  type,
  machine,
  entry,
  flags,
  programHeaders,
  sectionHeaders,
  interpreter,
}: ElfHeader): string {
  return [
    `ELF${bits}`,
    order,
    type,
    machines[machine] ?? machine,
    `0x${entry.toString(16)}`,
    `0x${flags.toString(16)}`,
    ...[programHeaders, sectionHeaders].flatMap((table) => [table.offset, table.entryBytes, table.count]),
    interpreter ?? '',
  ].join(' | ');
}

/** The same of readelf's own words; undefined for a file that is no program. */
function describeTheirs(text: string): string | undefined {
  const value = (name: string): string => new RegExp(`^ *${name}: +(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  if (value('Class') === '') return undefined;
  const number = (name: string): string => value(name).split(/[ (]/)[0] ?? '';
  return [
    value('Class'),
    value('Data').includes('little') ? 'little' : 'big',
    value('Type').split(' ')[0],
    value('Machine'),
    value('Entry point address'),
    value('Flags').split(/[, ]/)[0],
    number('Start of program headers'),
    number('Size of program headers'),
    number('Number of program headers'),
    number('Start of section headers'),
    number('Size of section headers'),
    number('Number of section headers'),
    /Requesting program interpreter: (.*)\]/.exec(text)?.[1] ?? '',
  ].join(' | ');
}

describe('headers of programs and readelf', () => {
  it('agree on programs and libraries of this machine', () => {
    const paths = programs();
    // It fails when one of them is no program, having described the others.
    const { stdout } = spawnSync('readelf', ['-h', '-l', '-W', ...paths], { env, maxBuffer: 1 << 28 });
    const theirs = new Map(
      stdout
        .toString()
        .split(/^File: /m)
        .map((part) => [part.slice(0, part.indexOf('\n')), describeTheirs(part)]),
    );
    let compared = 0;
    for (const path of paths) {
      const [ours] = [...parseElf(headOf(path))];
      expect(ours && describeOurs(ours), path).to.equal(theirs.get(path));
      if (ours !== undefined) compared += 1;
    }
    expect(compared).to.be.above(50);
  });
});
