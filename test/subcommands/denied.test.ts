import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { packCase } from '../../src/evidence/archive.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from '../evidence/sample.ts';
import { inSandbox, run } from '../evidence/sandbox.ts';

const script = fileURLToPath(new URL('denied.ts', import.meta.url));
/** Owner of the same files, and of no right to pass over their modes, whoever runs the tests: a user namespace. */
const asNobody = ['--user', '--map-user=65534', '--map-group=65534'];
const owned = 'run it as the owner of that, or let the owner give you the right, or a copy that is yours\n';
const copied = 'copy all of it to a disk that can be written, and work with the copy\n';

async function ends(program: readonly string[], lines: readonly string[][]): Promise<[number, string][]> {
  const [first = '', ...words] = program;
  const text = await run(first, [...words, process.execPath, script, JSON.stringify(lines)]);
  return JSON.parse(text) as [number, string][];
}

describe('what may not be read or written', function () {
  this.timeout(60_000);

  it('is one sentence with its path, of each command that opens a case, and no mistake of the program', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      await chmod(place, 0);
      const lines = [
        ['case', 'show', place],
        ['case', 'log', place],
        ['case', 'log', place, 'a remark'],
        ['case', 'close', place],
        ['case', 'clean', place],
        ['archive', place],
        ['changes', place],
        ['findings', place],
        ['release', place, '--yes'],
        ['report', place],
        ['scope', place],
        ['show', place, 'processes'],
        ['timeline', place],
        ['verify', place],
      ];
      const told = await ends(['unshare', ...asNobody], lines);
      await chmod(place, 0o700);
      for (const [i, [code, said]] of told.entries()) {
        expect(said, lines[i]?.join(' ')).to.match(
          new RegExp(`^error: (?:cannot read the case: )?permission denied for ${place}\\S*\n${owned}$`),
        );
        expect(code, lines[i]?.join(' ')).to.equal(1);
      }
    }));

  it('is so of an archive, of one file of a case, and of a case that may be read only', () =>
    inSandbox(async (dir) => {
      const [place, archive] = [join(dir, 'case'), join(dir, 'case.tar')];
      await sampleCase(place, false);
      await writeFile(archive, 'packed');
      await chmod(archive, 0);
      await chmod(join(place, 'data/custody.jsonl'), 0);
      const unread = await ends(
        ['unshare', ...asNobody],
        [
          ['findings', archive],
          ['verify', archive],
          ['case', 'show', place],
        ],
      );
      await chmod(join(place, 'data/custody.jsonl'), 0o600);
      await chmod(place, 0o500);
      const unwritten = await ends(
        ['unshare', ...asNobody],
        [
          ['case', 'log', place, 'a remark'],
          ['archive', place],
        ],
      );
      await chmod(place, 0o700);
      expect(unread).to.deep.equal([
        [1, `error: permission denied for ${archive}\n${owned}`],
        [1, `error: permission denied for ${archive}\n${owned}`],
        [1, `error: permission denied for ${join(place, 'data/custody.jsonl')}\n${owned}`],
      ]);
      for (const [code, said] of unwritten) {
        const lock = `${place}/\\.lock\\.[0-9a-f]+`;
        const sentence = `error: cannot write into case ${place}: permission denied for ${lock}\n${owned}`;
        expect(said).to.match(new RegExp(`^${sentence}$`));
        expect(code).to.equal(1);
      }
    }));

  it('is told of one acquisition as what it is, and all else is read: it is no damage', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place, false);
      const acquisitions = join(place, 'data/acquisitions');
      const [one = '', other = ''] = (await readdir(acquisitions)).sort();
      await chmod(join(acquisitions, one), 0);
      await chmod(join(acquisitions, other, 'items.jsonl'), 0);
      const lines = [
        ['findings', place, '--rule', 'setuid-planted'],
        ['show', place, 'accounts'],
        ['timeline', place],
      ];
      const told = await ends(['unshare', ...asNobody], lines);
      const [report, shown, logged] = await ends(
        ['unshare', ...asNobody],
        [
          ['report', place, '-o', 'md'],
          ['case', 'show', place],
          ['case', 'log', place],
        ],
      );
      await chmod(join(acquisitions, one), 0o700);
      expect(report).to.deep.equal([
        3,
        `warning: acquisition ${one}: data/acquisitions/${one}/acquisition.json can't be read (EACCES)\n` +
          `warning: acquisition ${other}: data/acquisitions/${other}/items.jsonl can't be read (EACCES)\n`,
      ]);
      expect(shown).to.deep.equal([
        3,
        `warning: acquisition ${one}: acquisition.json can't be read (EACCES)\n`,
      ]);
      expect(logged).to.deep.equal([0, '']);
      const reasons = [
        `${one}: ${join(acquisitions, one, 'acquisition.json')} can't be read (EACCES)\n`,
        `${other}: ${join(acquisitions, other, 'items.jsonl')} can't be read (EACCES)\n`,
      ];
      for (const [i, [code, said]] of told.entries()) {
        const what = lines[i]?.[0] ?? '';
        expect(code, what).to.equal(3);
        expect(said, what).not.to.match(/damaged|not what was collected|error/);
        for (const reason of reasons)
          expect(said, what).to.contain(
            ['findings', 'show'].includes(what) ? `warning: not readable here: ${reason}` : reason,
          );
      }
    }));

  it('is so of a case on a disk that is read-only', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      await packCase(memoryIo(), place, { format: 'tar' });
      const frozen = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
      const told = await ends(
        ['unshare', '--mount', '--map-root-user', 'sh', '-c', frozen, 'sh', place],
        [
          ['archive', place, '-o', join(dir, 'a.tar')],
          ['case', 'log', place, 'a remark'],
          ['verify', place],
        ],
      );
      for (const [code, said] of told.slice(0, 2)) {
        const lock = `${place}/\\.lock\\.[0-9a-f]+`;
        const sentence = `error: cannot write into case ${place}: ${lock} is on a read-only disk\n${copied}`;
        expect(said).to.match(new RegExp(`^${sentence}$`));
        expect(code).to.equal(1);
      }
      expect(told[2]).to.deep.equal([0, '']);
    }));
});
