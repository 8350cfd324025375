import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseJournal } from '../../src/artifacts/journal.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { type Unpacked, unpackedPackages } from '../support/unpacked.ts';

/** Entries in systemd's export format: short and long values, binary ones, names that come twice. */
function exported(count: number): Buffer {
  const pieces: Buffer[] = [];
  const put = (name: string, value: Buffer): void => {
    if (value.includes(10) || value.some((byte) => byte < 32)) {
      const size = Buffer.alloc(8);
      size.writeBigUInt64LE(BigInt(value.length));
      pieces.push(Buffer.from(`${name}\n`), size, value, Buffer.from('\n'));
    } else pieces.push(Buffer.from(`${name}=`), value, Buffer.from('\n'));
  };
  for (let index = 0; index < count; index += 1) {
    put('__REALTIME_TIMESTAMP', Buffer.from(String(1_763_000_000_000_000 + index * 1_000_003)));
    put('__MONOTONIC_TIMESTAMP', Buffer.from(String(5_000_000 + index)));
    put('_BOOT_ID', Buffer.from(index < count / 2 ? 'a'.repeat(32) : 'b'.repeat(32)));
    put('_PID', Buffer.from(String(index % 7)));
    put('PRIORITY', Buffer.from('6'));
    put(
      'MESSAGE',
      Buffer.from(index % 5 === 0 ? `a long line ${'abc '.repeat(300 + index)}` : `line ${index}`),
    );
    if (index % 3 === 0) put('BINARY', Buffer.from([...Array(40).keys(), index % 256]));
    if (index % 4 === 0) for (const value of ['x', 'y']) put('TWICE', Buffer.from(value));
    pieces.push(Buffer.from('\n'));
  }
  return Buffer.concat(pieces);
}

/** The fields of each entry of an export, sorted. */
function entriesOf(bytes: Buffer): string[][] {
  const entries: string[][] = [];
  let entry: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(10, at);
    const line = bytes.subarray(at, newline);
    at = newline + 1;
    const equals = line.indexOf(0x3d);
    if (line.length === 0) {
      entries.push(entry.sort());
      entry = [];
    } else if (equals >= 0)
      entry.push(`${String(line.subarray(0, equals))}=${line.toString('base64', equals + 1)}`);
    else {
      const size = Number(bytes.readBigUInt64LE(at));
      entry.push(`${String(line)}=${bytes.toString('base64', at + 8, at + 8 + size)}`);
      at += 8 + size + 1;
    }
  }
  return entries;
}

const ofTheReader = /^__(?:CURSOR|SEQNUM|SEQNUM_ID)=/;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('journal files and journalctl', function () {
  this.timeout(180_000);
  const dir = mkdtempSync(join(tmpdir(), 'reference-'));
  let remote: Unpacked;
  before(async () => (remote = await unpackedPackages('systemd-journal-remote')));
  after(() => rmSync(dir, { recursive: true }));

  for (const compact of ['0', '1'])
    it(`agree on every field of every entry, ${compact === '1' ? 'compact' : 'regular'} form`, () => {
      const file = join(dir, `${compact}.journal`);
      const source = join(dir, 'export');
      writeFileSync(source, exported(400));
      const env = {
        PATH: '/usr/bin:/bin',
        LC_ALL: 'C',
        LD_LIBRARY_PATH: remote.libraries,
        SYSTEMD_JOURNAL_COMPACT: compact,
      };
      execFileSync(join(remote.directory, 'lib/systemd/systemd-journal-remote'), ['-o', file, source], {
        env,
        stdio: 'pipe',
      });
      const printed = execFileSync('journalctl', ['--file', file, '-o', 'export', '--all'], {
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const theirs = entriesOf(printed).map((entry) => entry.filter((field) => !ofTheReader.test(field)));
      const bytes = readFileSync(file);
      const ours = [...parseJournal(accessTo(bytes))].map((one) => {
        if (isMalformed(one)) throw new Error(`${one.malformed} at ${one.offset}`);
        expect(one.unreadable).to.equal(0);
        const micros = BigInt(Date.parse(one.time)) * 1000n + BigInt(one.time.slice(-4, -1));
        return [
          `__REALTIME_TIMESTAMP=${base64(String(micros))}`,
          `__MONOTONIC_TIMESTAMP=${base64(String(one.monotonic))}`,
          ...(one.fields.some(([name]) => name === '_BOOT_ID') ? [] : [`_BOOT_ID=${base64(one.boot)}`]),
          ...one.fields.map(([name, value]) => `${name}=${value.toString('base64')}`),
        ].sort();
      });
      expect(ours).to.have.length(400);
      expect(ours).to.deep.equal(theirs);
      expect((bytes.readUInt32LE(12) & 16) !== 0).to.equal(compact === '1');
      // Long values were packed, so that unpacking was tried too.
      expect(bytes.readUInt32LE(12) & 8).to.equal(8);
    });
});
