import { expect } from 'chai';
import { readCustody } from '../../../src/evidence/custody-log.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { readCourse, recordInCase } from '../../../src/incident/case-course.ts';
import { stepAct } from '../../../src/incident/course-acts.ts';
import type { StepRecord } from '../../../src/incident/course.ts';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import type { CommandContext } from '../../../src/subcommands/command.ts';
import { PlaybookRun } from '../../../src/subcommands/playbook/playbook-run.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { scriptedIo } from '../../support/scripted-io.ts';
import { smallPlan } from '../../support/small-plan.ts';
import { inOffice, noted } from './office.ts';

const [playbook] = readPlan(smallPlan, 'ir-plan.yaml').plan?.playbooks ?? [];

interface Session {
  readonly code: number;
  readonly err: string;
}

/** Leads somebody who types these lines through the playbook. */
async function lead(
  dir: string,
  lines: readonly string[],
  runLine: NonNullable<CommandContext['runLine']>,
  from?: string,
): Promise<Session> {
  if (playbook === undefined) throw new Error('no playbook');
  const left = [...lines];
  const io = scriptedIo(() => left.shift());
  const context = { io, global: {}, signal: new AbortController().signal, runLine };
  const code = await new PlaybookRun(context, { playbook, dir, filling: {} }).lead(from);
  return { code, err: io.err() };
}

async function stepsOf(dir: string): Promise<(readonly [string, StepRecord['outcome'], number?])[]> {
  const { steps } = (await readCourse(dir)).course;
  return steps.map(({ step, outcome, exit }) =>
    exit === undefined ? [step, outcome] : [step, outcome, exit],
  );
}

describe('PlaybookRun', () => {
  it('leads through all steps, runs commands in the case with its target, and records each', () =>
    inOffice(async ({ dir }) => {
      const { lines, runLine } = noted();
      const { code, err } = await lead(dir, ['d', 'y', 'r', 's', 'they were turned'], runLine);
      expect(code).to.equal(0);
      expect(lines).to.deep.equal([
        { words: ['isolate', 'pod/web-0', '-n', 'prod', '--yes'], env: { KUBECTL_IR_CASE: dir } },
      ]);
      expect(await stepsOf(dir)).to.deep.equal([
        ['call', 'done'],
        ['sure', 'done'],
        ['cut', 'started'],
        ['cut', 'done', 0],
        ['note', 'skipped'],
      ]);
      const { steps } = (await readCourse(dir)).course;
      expect(steps[2]).to.deep.include({
        command: ['isolate', 'pod/web-0', '-n', 'prod', '--yes'],
        filled: { pod: 'web-0', namespace: 'prod' },
      });
      expect(steps[4]).to.include({ remark: 'they were turned' });
      expect(err).to.contain(
        'Step 3 of 4   cut   resolution   by team/infra\n   kubectl ir isolate pod/web-0 -n prod --yes\n' +
          '[r]un, [s]kip, [h]and over, [q]uit: ',
      );
      expect(err).to.contain(
        `Step 4 of 4   note   improvement\n   kubectl ir case decide ${dir} 'turn the keys'\n`,
      );
      expect((await readCustody(dir)).broken).to.equal(undefined);
      expect((await verifyPath(dir)).problemCount).to.equal(0);
    }));

  it('stops at a no, and comes again to that step', () =>
    inOffice(async ({ dir }) => {
      const { runLine } = noted();
      const first = await lead(dir, ['done', 'n'], runLine);
      expect([first.code, await stepsOf(dir)]).to.deep.equal([
        3,
        [
          ['call', 'done'],
          ['sure', 'failed'],
        ],
      ]);
      const second = await lead(dir, ['q'], runLine);
      expect(second.err).to.match(
        /^Step 2 of 4 {3}sure {3}identification\n {3}it failed at .* for .* \(line 4\)\n/,
      );
    }));

  it('comes again to a command that failed, with its exit code', () =>
    inOffice(async ({ dir }) => {
      const { lines, runLine } = noted(4);
      const { code, err } = await lead(dir, ['r', 'r', 'q'], runLine, 'cut');
      expect([code, lines.length]).to.deep.equal([3, 2]);
      expect(err).to.match(/it failed at .* for .* \(line 4, exit code 4\)/);
      expect(await stepsOf(dir)).to.deep.equal([
        ['cut', 'started'],
        ['cut', 'failed', 4],
        ['cut', 'started'],
        ['cut', 'done', 0],
      ]);
    }));

  it('lets a person take a command as done that did only a part', () =>
    inOffice(async ({ dir }) => {
      const { lines, runLine } = noted(3);
      const { err } = await lead(dir, ['d', 'r', 'd', 'q'], runLine, 'cut');
      expect(lines).to.have.length(1);
      expect(err).to.contain('[r]un, [s]kip, [h]and over, [q]uit: ');
      expect(err).to.contain('[r]un, [d]one, [s]kip, [h]and over, [q]uit: ');
      const last = (await readCourse(dir)).course.steps.at(-1);
      expect(last).to.include({ outcome: 'done', remark: 'taken as done after exit code 3' });
    }));

  it('warns of a command that was started and has no end', () =>
    inOffice(async ({ dir }) => {
      await recordInCase(memoryIo(), dir, new AbortController().signal, () => [
        stepAct({
          playbook: 'stolen-token',
          step: 'cut',
          outcome: 'started',
          filled: { pod: 'web-9', node: '-x' },
        }),
      ]);
      const { err } = await lead(dir, ['q'], noted().runLine);
      expect(err).to.match(
        /started it at .* \(line 3\) and no end is recorded: look what it did before it runs again/,
      );
      expect(err).to.contain('isolate pod/web-9 -n prod --yes');
    }));

  it('asks for what nobody knows, and does not run what still lacks it', () =>
    inOffice(async ({ dir }) => {
      if (playbook === undefined) throw new Error('no playbook');
      const drain = { id: 'drain', phase: 'resolution', run: 'snapshot node {{node}}' } as const;
      const { lines, runLine } = noted();
      const answers = ['--yes', 'r', 'q'];
      const io = scriptedIo(() => answers.shift());
      const context = { io, global: {}, signal: new AbortController().signal, runLine };
      const task = { playbook: { ...playbook, steps: [drain] }, dir, filling: {} };
      expect(await new PlaybookRun(context, task).lead()).to.equal(3);
      expect(io.err()).to.contain(
        'it cannot be run: nothing to fill {{node}} with\n[s]kip, [h]and over, [q]uit: ',
      );
      answers.push('node-a', 'r');
      expect(await new PlaybookRun(context, task).lead()).to.equal(0);
      expect(lines.map(({ words }) => words)).to.deep.equal([['snapshot', 'node', 'node-a']]);
    }));

  it('gives way to somebody who was faster, and goes on behind them', () =>
    inOffice(async ({ dir }) => {
      if (playbook === undefined) throw new Error('no playbook');
      const others = [
        async () => (await lead(dir, ['d', 'q'], noted().runLine), 'd'),
        () => Promise.resolve('q'),
      ];
      const io = scriptedIo(() => others.shift()?.());
      const context = { io, global: {}, signal: new AbortController().signal, runLine: noted().runLine };
      await new PlaybookRun(context, { playbook, dir, filling: {} }).lead();
      expect(io.err()).to.match(/warning: not recorded: .* has done call meanwhile, line 3\nStep 2 of 4/);
      expect(await stepsOf(dir)).to.deep.equal([['call', 'done']]);
    }));

  it('is interrupted while a command runs, which is on record, and goes on there', () =>
    inOffice(async ({ dir }) => {
      if (playbook === undefined) throw new Error('no playbook');
      const controller = new AbortController();
      const context = {
        io: scriptedIo(() => 'r'),
        global: {},
        signal: controller.signal,
        runLine: () => {
          controller.abort(new Error('stopped by SIGINT'));
          return Promise.resolve({ code: 130, done: false });
        },
      };
      const stopped = await failureOf(new PlaybookRun(context, { playbook, dir, filling: {} }).lead('cut'));
      expect(stopped.message).to.equal('stopped by SIGINT');
      expect((await readCourse(dir)).course.steps.at(-1)).to.include({
        outcome: 'failed',
        remark: 'interrupted',
      });
      expect((await lead(dir, ['q'], noted().runLine)).err).to.match(/^Step 3 of 4 {3}cut/);
    }));

  it('is handed over', () =>
    inOffice(async ({ dir }) => {
      const { code, err } = await lead(dir, ['d', 'h', 'joe'], noted().runLine);
      expect([code, err.includes('handed over to joe; go on with: kubectl ir playbook run')]).to.deep.equal([
        3,
        true,
      ]);
      expect((await readCourse(dir)).course.entries[0]?.text).to.equal(
        'to joe: playbook stolen-token, next step sure',
      );
    }));
});
