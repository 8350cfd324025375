import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type BodyfileEntry, parseBodyfile } from '../../src/artifacts/bodyfile.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { unpackedPackages } from '../support/unpacked.ts';

describe('body files, fls and mactime', function () {
  this.timeout(180_000);

  it('agree on names made to break lines and fields: each is one line, and no other name', async () => {
    const hostile = [
      'a\n0|b',
      'tab\there',
      'esc\u001b[2J',
      'back\\x0aslash',
      '100%0A',
      'bar|bar',
      '%5Cx0a',
      'é',
    ];
    const root = mkdtempSync(join(tmpdir(), 'reference-'));
    const node = localNode(root);
    try {
      for (const name of hostile) writeFileSync(join(root, name), '');
      symlinkSync('to\nthere', join(root, 'link'));
      const sink = new MemorySink();
      const { signal } = new AbortController();
      await collectFrames(node.exec, namedScript('filesystem'), sink, { args: ['1048576'], signal });
      const body = sink.named('bodyfile/bodyfile.txt').data;
      const file = join(root, 'body');
      writeFileSync(file, body);
      const entries = [...parseBodyfile(body)].flatMap((one) => (isMalformed(one) ? [] : [one]));
      const names = entries.map(({ name }) => String(name));
      expect(names).to.include.members(hostile.map((name) => `/${name}`));
      expect(String(entries.find(({ name }) => String(name) === '/link')?.target)).to.equal('to\nthere');
      const { directory, libraries } = await unpackedPackages('sleuthkit');
      const { stdout, stderr } = spawnSync('mactime', ['-b', file, '-d', '-y', '-z', 'UTC'], {
        env: mactimeEnvironment(directory, libraries),
        maxBuffer: 1 << 26,
      });
      expect(stderr.toString()).to.equal('');
      const printed = stdout.toString();
      const controls = stdout.filter((byte) => (byte < 0x20 && byte !== 0x0a) || byte === 0x7f);
      expect(controls).to.have.length(0);
      const shown = new Set(
        printed
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split(',').slice(7).join(',')),
      );
      expect(shown.size).to.equal(new Set(names).size);
      expect(shown).to.include('"/a\\x0a0|b"').and.to.include('"/100%0A"');
    } finally {
      node.remove();
      rmSync(root, { recursive: true });
    }
  });

  it('agree on every time of every file of a file system', async () => {
    const { directory, libraries } = await unpackedPackages('sleuthkit');
    const dir = mkdtempSync(join(tmpdir(), 'reference-'));
    const env = mactimeEnvironment(directory, libraries);
    try {
      const source = join(dir, 'source');
      mkdirSync(join(source, 'etc'), { recursive: true });
      for (const [index, name] of ['plain', 'two words', 'a|bar', 'with-%41', 'etc/x'].entries()) {
        const path = join(source, name);
        writeFileSync(path, 'x'.repeat(index * 100), { mode: index === 1 ? 0o4755 : 0o640 });
        utimesSync(path, 1_763_000_000 + index, 1_763_000_100 + (index % 2));
      }
      symlinkSync('etc/x', join(source, 'link'));
      const image = join(dir, 'image');
      execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', source, image, '4m'], { env, stdio: 'ignore' });
      const body = execFileSync('fls', ['-r', '-p', '-m', '/', image], { env, maxBuffer: 1 << 26 });
      // fls writes a bar as it is, which mactime takes for the end of a field; ours are `%7C`.
      const written = Buffer.from(
        body.toString('latin1').replace('a|bar', 'a%7Cbar').replace('with-%41', 'with-%2541'),
        'latin1',
      );
      const file = join(dir, 'body');
      writeFileSync(file, written);
      const { stdout, stderr } = spawnSync('mactime', ['-b', file, '-d', '-y', '-z', 'UTC'], {
        env,
        maxBuffer: 1 << 26,
      });
      expect(stderr.toString()).to.equal('');
      const theirs = stdout.toString().trim().split('\n').slice(1);
      const entries = [...parseBodyfile(written)].flatMap((one) => {
        if (isMalformed(one)) throw new Error(`${one.malformed} at ${one.offset}`);
        return [one];
      });
      expect(entries.map(({ name }) => String(name))).to.include.members([
        '/a|bar',
        '/with-%41',
        '/two words',
      ]);
      const ours = entries.flatMap(timesOf);
      expect(ours).to.have.length.above(10);
      expect(ours.sort()).to.deep.equal(theirs.sort());
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

function mactimeEnvironment(directory: string, libraries: string): NodeJS.ProcessEnv {
  return {
    PATH: `${directory}/usr/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    LC_ALL: 'C',
    TZ: 'UTC',
    LD_LIBRARY_PATH: libraries,
    PERL5LIB: `${directory}/usr/share/perl5`,
  };
}

/** Lines of a timeline as mactime prints them: one for each moment of a file, `macb` for what happened then. */
function timesOf({ name, target, inode, mode, uid, gid, size, ...times }: BodyfileEntry): string[] {
  const { modified, accessed, changed, created } = times;
  const all = [modified, accessed, changed, created];
  const file = target === undefined ? String(name) : `${String(name)} -> ${String(target)}`;
  return [...new Set(all)]
    .filter((time) => time > 0)
    .map((time) => {
      const type = ['m', 'a', 'c', 'b'].map((letter, index) => (all[index] === time ? letter : '.')).join('');
      const date = `${new Date(time * 1000).toISOString().slice(0, 19)}Z`;
      return [date, size, type, mode, uid, gid, inode, `"${file}"`].join(',');
    });
}
