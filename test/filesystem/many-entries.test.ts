import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { v8Flags } from '../../scripts/executable.ts';
import { lineCounter } from '../bench/program.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { canMountOverlay, overlayLab } from './overlay-lab.ts';

describe('a writable layer with more entries than memory should hold', function () {
  this.timeout(7_200_000);
  before(() => {
    if (!canMountOverlay()) throw new Error('run this as root on a kernel with overlay file systems');
  });

  const entries = amountOf('entries');
  it(`${entries} of them in one directory of the image are told one by one`, async () => {
    const lab = await overlayLab(['mkdir d; echo 1 >d/f']);
    try {
      lab.run(`cd d; seq -f 'some-file-name-%.0f.dat' ${entries} | xargs touch`);
      const program = join(import.meta.dirname, 'diff-alone.ts');
      const words = [process.execPath, ...v8Flags, program, lab.upper, ...lab.lowers];
      const child = spawn('unshare', ['-m', '--propagation', 'private', ...words], { stdio: 'pipe' });
      child.stdin.end();
      const ended = once(child, 'exit');
      const said = text(child.stderr);
      const table = lineCounter();
      for await (const chunk of child.stdout) table.see(chunk as Buffer);
      const [code] = (await ended) as [number | null];
      expect(code, await said).to.equal(0);
      const { seconds, peakKiB, blind } = JSON.parse(await said) as Record<'seconds' | 'peakKiB', number> & {
        readonly blind: readonly unknown[];
      };
      expect(blind).to.deep.equal([]);
      // Beside them the headers, the line that counts, and the one that says that file capabilities were not read.
      expect(table.lines()).to.equal(entries + 3);
      expect(peakKiB).to.be.lessThan(256 * 1024);
      const what = `diff of a writable layer with ${entries.toLocaleString('en')} entries in one directory, on one machine`;
      await measured(what, `${seconds.toFixed(0)} s, ${Math.round(peakKiB / 1024)} MiB`);
    } finally {
      await lab.remove();
    }
  });
});
