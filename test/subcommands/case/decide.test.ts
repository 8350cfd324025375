import { join } from 'node:path';
import { expect } from 'chai';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { readCourse } from '../../../src/incident/case-course.ts';
import { UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/case/decide.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { runCommand } from './run.ts';

describe('case decide', () => {
  it('records what was decided and by whom, and leaves a seal alone', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const { out } = await runCommand(command, [dir, 'shut the shop'], { by: 'the CEO' });
      expect(out).to.equal('case/ir-20261122T041500Z-shop line 7 recorded\n');
      const io = memoryIo({ env: { KUBECTL_IR_CASE: dir } });
      await runCommand(command, ['open it again'], {}, io);
      const { entries } = (await readCourse(dir)).course;
      expect(entries.map(({ kind, text, decidedBy }) => [kind, text, decidedBy])).to.deep.equal([
        ['decision', 'shut the shop', 'the CEO'],
        ['decision', 'open it again', undefined],
      ]);
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
    }));

  it('needs a case and one line of text', () =>
    inSandbox(async (dir) => {
      for (const words of [[], ['x'], [dir, 'shut', 'it'], [dir, 'a\nb'], [dir, '']])
        expect(await failureOf(runCommand(command, words))).to.be.instanceOf(UsageError);
      expect((await failureOf(runCommand(command, [join(dir, 'none'), 'x']))).message).to.contain(
        'no case at',
      );
    }));
});
