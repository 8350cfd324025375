import { expect } from 'chai';
import { readCourse } from '../../../src/incident/case-course.ts';
import { UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/case/task.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { runCommand } from './run.ts';

describe('case task', () => {
  it('adds, lists and finishes tasks, and says which are late', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      expect((await runCommand(command, [dir])).err).to.contain('none');
      const { out } = await runCommand(command, [dir, 'call the bank'], { owner: 'jane', due: '2h' });
      expect(out).to.equal('case/ir-20261122T041500Z-shop task 1 recorded\n');
      await runCommand(command, [dir, 'turn the keys'], { due: '2026-11-22T04:00:00Z' });
      await runCommand(command, [dir, 'write it up']);
      expect((await runCommand(command, [dir], { done: 1 })).out).to.equal(
        'case/ir-20261122T041500Z-shop task 1 done\n',
      );
      const rows = (await runCommand(command, [dir])).out.trimEnd().split('\n');
      expect(rows.map((row) => row.split(/ {3,}/))).to.deep.equal([
        ['TASK', 'STATE', 'OWNER', 'DUE', 'PHASE', 'TEXT'],
        ['1', 'done', 'jane', '2026-11-22T06:15:00.000Z', 'open', 'call the bank'],
        ['2', 'late', '2026-11-22T04:00:00Z', 'open', 'turn the keys'],
        ['3', 'open', 'open', 'write it up'],
      ]);
    }));

  it('finishes no task twice, and none that is not there', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await runCommand(command, [dir, 'x']);
      await runCommand(command, [dir], { done: 1 });
      expect((await failureOf(runCommand(command, [dir], { done: 1 }))).message).to.match(
        /^task 1 was done at /,
      );
      expect((await failureOf(runCommand(command, [dir], { done: 2 }))).message).to.equal(
        'there is no task 2',
      );
      expect((await readCourse(dir)).course).to.include({ malformed: 0 });
    }));

  it('takes one text, in a case', () =>
    inSandbox(async (dir) => {
      for (const [words, flags] of [
        [[dir, 'a', 'b'], {}],
        [[dir, 'a'], { done: 1 }],
        [[dir], { owner: 'jane' }],
        [[dir, ' '], {}],
        [[dir, 'write it up\u202e'], {}],
        [[], {}],
      ] as const)
        expect(await failureOf(runCommand(command, words, flags))).to.be.instanceOf(UsageError);
      const io = memoryIo({ env: { KUBECTL_IR_CASE: dir } });
      await sampleCase(dir);
      expect((await runCommand(command, [], {}, io)).err).to.contain('none');
      expect((await failureOf(runCommand(command, ['call the bank'], {}, io))).message).to.match(
        /^no case at .*: kubectl ir case task "\$KUBECTL_IR_CASE" "TEXT"$/,
      );
    }));
});
