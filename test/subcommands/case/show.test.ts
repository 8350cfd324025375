import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../../../src/subcommands/case/show.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { runCommand } from './run.ts';

describe('case show', () => {
  it('prints the state first, then facts and acquisitions', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const { code, out } = await runCommand(command, [dir]);
      const lines = out.trimEnd().split('\n');
      expect([code, lines[0]]).to.deep.equal([0, 'SEALED   ir-20261122T041500Z-shop']);
      expect(out).to.match(
        /^custody +6 lines, 0 of them after the seal, last seal at 2026-11-22T04:15:00\.000Z$/m,
      );
      expect(lines.at(-1)).to.match(/^20261122T041500Z-node-node-a +complete +6 +\S+ +1$/);
      const wide = await runCommand(command, [dir], { output: 'wide' });
      expect(wide.out).to.match(/ok 5, skipped 1$/m);
    }));

  it('prints it as data or as a name', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const { out } = await runCommand(command, [dir], { output: 'json' });
      expect(JSON.parse(out)).to.include({ kind: 'CaseStatus', state: 'sealed' });
      expect((await runCommand(command, [dir], { output: 'name' })).out).to.equal(
        'case/ir-20261122T041500Z-shop\n',
      );
    }));

  it('exits 3 and says so when it cannot read all of it', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const path = join(dir, 'data/case.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"format": 1', '"format": 7'));
      const { code, err } = await runCommand(command, [dir]);
      expect([code, err]).to.deep.equal([
        3,
        'warning: a newer kubectl ir wrote it (format 7, known here: 1); what is known here is shown\n',
      ]);
    }));
});
