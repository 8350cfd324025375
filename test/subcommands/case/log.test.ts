import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { recordInCase } from '../../../src/incident/case-course.ts';
import { decisionAct, taskAct, taskDoneAct } from '../../../src/incident/course-acts.ts';
import { UsageError, VerificationError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/case/log.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { runCommand } from './run.ts';

describe('case log', () => {
  it('prints every line, also as data', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const { out } = await runCommand(command, [dir]);
      expect(out.split('\n')[0]).to.match(/^LINE +TIME +WHO +ACTION +OBJECT +RESULT$/);
      expect(out.trimEnd().split('\n')).to.have.length(7);
      const json = await runCommand(command, [dir], { output: 'json' });
      expect(JSON.parse(json.out)).to.include({ kind: 'CustodyLog', case: 'ir-20261122T041500Z-shop' });
    }));

  it('adds a remark beside the seal and leaves the seal alone; to an open case it belongs', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'open'), false);
      await sampleCase(join(dir, 'sealed'));
      const remark = 'taken "by" the cloud team';
      for (const name of ['open', 'sealed']) {
        const { out } = await runCommand(command, [join(dir, name)], { remark });
        expect(out).to.match(/^case\/ir-\S+ line \d recorded\n$/);
        expect((await runCommand(command, [join(dir, name)])).out).to.contain(remark);
      }
      expect((await verifyPath(join(dir, 'sealed'))).verdict).to.equal('CONSISTENT');
      expect(await readFile(join(dir, 'open/data/custody.jsonl'), 'utf8')).to.contain('"remark"');
    }));

  it('takes the remark as a second word too', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await runCommand(command, [dir, 'told the owner']);
      expect((await runCommand(command, [dir])).out).to.match(/ {3}remark {3}.* {3}told the owner$/m);
    }));

  it('shows the words of decisions and tasks, and that a task is done', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await recordInCase(memoryIo(), dir, new AbortController().signal, (_course, name) => [
        decisionAct(name, 'the shop stays closed'),
        taskAct({ id: 1, text: 'turn the keys' }),
        taskDoneAct(1),
        { action: 'decide', object: name, result: 'done', details: { text: ['x'] } },
      ]);
      const rows = (await runCommand(command, [dir])).out.trimEnd().split('\n').slice(-4);
      expect(rows.map((row) => row.split(/ {3,}/).slice(3))).to.deep.equal([
        ['decide', 'ir-20261122T041500Z-shop', 'the shop stays closed'],
        ['task', 'task/1', 'turn the keys'],
        ['task', 'task/1', 'done'],
        ['decide', 'ir-20261122T041500Z-shop', 'done'],
      ]);
    }));

  it('shows a hostile line escaped, and where the chain breaks', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await appendFile(join(dir, 'data/custody.jsonl'), '{"action":"\u001b[2J"}\n');
      const io = memoryIo();
      const failure = await failureOf(runCommand(command, [dir], {}, io));
      expect(failure).to.be.instanceOf(VerificationError);
      expect(failure.message).to.contain(
        'is broken: line 7 of data/custody.jsonl does not match its own sum',
      );
      expect(io.out()).to.not.contain('\u001b');
      expect(io.out().trimEnd().split('\n')).to.have.length(7);
    }));

  it('says how the case of the environment gets a remark, and reads a case that is named', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const io = memoryIo({ env: { KUBECTL_IR_CASE: dir } });
      const refused = await failureOf(runCommand(command, ['told the owner'], {}, io));
      expect(refused).to.be.instanceOf(UsageError);
      expect(refused.message).to.match(
        /^no case at .*told the owner; .*: kubectl ir case log --remark "TEXT"$/,
      );
      expect((await runCommand(command, [dir], {}, io)).out).to.match(/^LINE /);
      expect((await runCommand(command, [], {}, io)).out).to.match(/^LINE /);
    }));

  it('does one thing at a time', async () => {
    for (const [words, flags] of [
      [['x'], { remark: 'x', output: 'json' }],
      [['x', 'x'], { output: 'json' }],
      [['x', 'x'], { remark: 'x' }],
      [['x', 'told', 'the', 'owner'], {}],
    ] as const)
      expect(await failureOf(runCommand(command, words, flags))).to.be.instanceOf(UsageError);
  });
});
