import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { recordInCase } from '../../../src/incident/case-course.ts';
import { moveAct, taskAct } from '../../../src/incident/course-acts.ts';
import { command as open } from '../../../src/subcommands/case/open.ts';
import { command } from '../../../src/subcommands/case/show.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { unreadables } from '../../evidence/unreadable.ts';
import { memoryIo } from '../../support/memory-io.ts';
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

  for (const { what, harm, reason } of unreadables)
    it(`shows the rest of a case with an acquisition ${what}, and exits 3`, () =>
      inSandbox(async (outside) => {
        const dir = join(outside, 'case');
        await sampleCase(dir, false);
        const name = '20261122T041500Z-diff-shop';
        await harm(join(dir, 'data/acquisitions', name));
        const { code, out, err } = await runCommand(command, [dir]);
        expect([code, err]).to.deep.equal([3, `warning: acquisition ${name}: ${reason}\n`]);
        expect(out).to.match(/^20261122T041500Z-node-node-a +complete +6 +\S+ +1$/m);
        expect(out).to.match(/^20261122T041500Z-diff-shop +unreadable +- +- +-$/m);
      }));

  it('tells where the incident stands', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await runCommand(open, [dir], { severity: 'sev1', detected: '2026-11-22T04:10:00Z' });
      await recordInCase(memoryIo(), dir, new AbortController().signal, () => [
        { action: 'isolate', object: 'pod/shop', result: 'HOLDS' },
        moveAct({ phase: 'contain', decidedBy: 'jane\u001b[2J' }),
        taskAct({ id: 1, text: 'call the bank', owner: 'jane' }),
      ]);
      const { code, out } = await runCommand(command, [dir]);
      const lines = out.split('\n');
      expect(code).to.equal(0);
      expect(lines[2]).to.match(
        /^phase +contain since 2026-11-22T04:15:00.000Z by .*, decided by jane\\x1b\[2J$/,
      );
      expect(lines[3]).to.match(/^severity +sev1$/);
      expect(lines[4]).to.match(/^detected +2026-11-22T04:10:00Z \(as was said\)$/);
      expect(lines[5]).to.match(
        /^contained +2026-11-22T04:15:00.000Z, 5m after detection \(first isolation that HOLDS, line 8\)$/,
      );
      expect(lines[6]).to.match(/^tasks +1 open, 0 done$/);
      expect(out).to.match(/^1 +open +jane +contain +call the bank$/m);
    }));

  it('exits 3 when a line of the incident cannot be read', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const wrong = { action: 'move', object: 'lunch', result: 'done' };
      await recordInCase(memoryIo(), dir, new AbortController().signal, () => [wrong]);
      const { code, err } = await runCommand(command, [dir]);
      expect([code, err]).to.deep.equal([
        3,
        'warning: lines of custody that should tell of the incident and cannot be read: 1\n',
      ]);
    }));
});
