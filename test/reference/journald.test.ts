import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { JournalNumbers } from '../../src/artifacts/journal-numbers.ts';
import type { Rule } from '../../src/findings/rule.ts';
import { journalEntriesCut } from '../../src/findings/rules/journal-entries-cut.ts';
import { journalGap } from '../../src/findings/rules/journal-gap.ts';
import { TraceBook } from '../../src/findings/trace-book.ts';
import { judged } from '../findings/traces-lab.ts';
import { unpackedPackages } from '../support/unpacked.ts';

describe('journals that systemd-journald wrote', function () {
  this.timeout(180_000);
  const dir = mkdtempSync(join(tmpdir(), 'journald-'));
  const files = new Map<string, Buffer>();

  before(async () => {
    const { directory, libraries } = await unpackedPackages('systemd');
    const unpacked = join(directory, 'lib/systemd/systemd-journald');
    const own = join('/', 'usr/lib/systemd/systemd-journald');
    const journald = existsSync(unpacked) ? unpacked : own;
    const script = join(import.meta.dirname, 'journald.sh');
    execFileSync(
      'unshare',
      ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', script, journald, dir],
      { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LD_LIBRARY_PATH: libraries }, stdio: 'pipe' },
    );
    for (const name of readdirSync(dir).sort()) files.set(name, readFileSync(join(dir, name)));
  });
  after(() => rmSync(dir, { recursive: true }));

  /** What a rule says of these journals. */
  function seenBy(rule: Rule, journals: ReadonlyMap<string, Buffer>): string[] {
    const book = new TraceBook('node-a');
    book.begin('2026-11-25T20:00:00.000Z', undefined);
    [...journals].forEach(([name, bytes], index) => {
      const numbers = new JournalNumbers(bytes.length);
      for (let at = 0; at < bytes.length; at += 65_536) numbers.push(bytes.subarray(at, at + 65_536));
      const path = `[root]/var/log/journal/m/${name}`;
      const source = { acquisition: 'a', item: index + 1, name: path };
      book.addJournal({ name: Buffer.from(path), source }, numbers, true);
    });
    book.end();
    return judged(rule, book.traces()).map(({ subject, seen }) => `${subject.path ?? ''} ${seen}`);
  }

  /** The journals without one entry in the middle of the first whose name begins so. */
  function without(start: string): Map<string, Buffer> {
    const [name = '', sound = Buffer.alloc(0)] = [...files].find(([each]) => each.startsWith(start)) ?? [];
    const numbers = new JournalNumbers(sound.length);
    numbers.push(sound);
    const [run] = numbers.runs.filter(({ first, last }) => last - first >= 2n);
    const cut = (run?.first ?? 0n) + 1n;
    const bytes = Buffer.from(sound);
    for (let at = 272; at + 64 <= bytes.length; at += 8)
      if (bytes.readUInt8(at) === 3 && bytes.readBigUInt64LE(at + 16) === cut) bytes.fill(0, at, at + 64);
    expect(bytes.equals(sound)).to.equal(false);
    return new Map([...files, [name, bytes]]);
  }

  it('have no number that is missing, whoever logged, and through rotations, a restart and a kill', () => {
    const names = [...files.keys()];
    for (const start of ['system@', 'user-1000@', 'user-1001@'])
      expect(
        names.filter((name) => name.startsWith(start)),
        names.join(),
      ).to.have.length.above(1);
    expect(names.filter((name) => name.endsWith('~'))).to.have.length.above(0);
    expect(seenBy(journalEntriesCut, files)).to.deep.equal([]);
    expect(seenBy(journalGap, files)).to.deep.equal([]);
  });
  for (const start of ['system@', 'user-1000@'])
    it(`tell of one entry that was overwritten in ${start}`, () => {
      const [line = '', ...more] = seenBy(journalEntriesCut, without(start));
      expect(more).to.deep.equal([]);
      expect(line).to.contain(`/${start}`).and.contain(' 1 entry is missing in 1 place between ');
    });
  it('tell of a journal of a user that was removed', () => {
    const left = new Map([...files].filter(([name]) => !name.startsWith('user-1000@')));
    expect(seenBy(journalEntriesCut, left)).to.have.length.above(0);
  });
});
