import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { readCourse } from '../../../src/incident/case-course.ts';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { command as close } from '../../../src/subcommands/case/close.ts';
import { command } from '../../../src/subcommands/case/move.ts';
import { command as task } from '../../../src/subcommands/case/task.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { scriptedIo } from '../../support/scripted-io.ts';
import { smallPlan } from '../../support/small-plan.ts';
import { runCommand } from './run.ts';

/** A case at `case` and a plan beside it, found by the environment. */
function inOffice(work: (place: string, env: Record<string, string>) => Promise<void>): Promise<void> {
  return inSandbox(async (dir) => {
    await sampleCase(join(dir, 'case'));
    await writeFile(join(dir, 'plan.yaml'), smallPlan);
    await work(join(dir, 'case'), { KUBECTL_IR_PLAN: join(dir, 'plan.yaml') });
  });
}

describe('case move', () => {
  it('is recorded with who decided and why; without a plan it is anyone’s', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const flags = { 'decided-by': 'the CEO', why: 'customers called' };
      const { out } = await runCommand(command, [dir, 'contain'], flags);
      expect(out).to.equal('case/ir-20261122T041500Z-shop moved from open to contain\n');
      const io = memoryIo({ env: { KUBECTL_IR_CASE: dir } });
      await runCommand(command, ['identify'], {}, io);
      const { moves } = (await readCourse(dir)).course;
      expect(moves.map(({ phase, line, decidedBy, why }) => [phase, line, decidedBy, why])).to.deep.equal([
        ['open', 1, undefined, undefined],
        ['contain', 7, 'the CEO', 'customers called'],
        ['identify', 8, undefined, undefined],
      ]);
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
    }));

  it('is decided by one of those whom the plan names, who confirms what must be so', () =>
    inOffice(async (place, env) => {
      const move = (flags: object): Promise<unknown> =>
        runCommand(command, [place, 'contain'], { ...flags }, memoryIo({ env }));
      expect((await failureOf(move({ yes: true }))).message).to.equal(
        'by the plan, contain is decided by team/infra, rota/night: jane (Jane Doe), joe (Joe Roe); add --decided-by WHO',
      );
      const wrong = await failureOf(move({ yes: true, 'decided-by': 'ada' }));
      expect(wrong).to.be.instanceOf(OperationError);
      expect(wrong.message).to.match(
        /^by the plan, contain is not for "ada" to decide, but for team\/infra, /,
      );
      const unasked = await failureOf(move({ 'decided-by': 'joe' }));
      expect(unasked).to.be.instanceOf(UsageError);
      expect(unasked.message).to.contain(
        'add --yes when it is so:\n  The plan wants this to be so: Customer support',
      );
      expect((await readCourse(place)).course.moves).to.have.length(1);
      await move({ yes: true, 'decided-by': 'Joe Roe' });
      expect((await readCourse(place)).course.moves[1]).to.include({
        decidedBy: 'Joe Roe (joe)',
        plan: createHash('sha256').update(smallPlan).digest('hex'),
      });
      expect((await readCourse(place)).course.moves[1]?.confirmed).to.deep.equal([
        'Customer support is told',
      ]);
    }));

  it('asks on a terminal, and records nothing after a no', () =>
    inOffice(async (place, env) => {
      const no = memoryIo({ env, interactive: true, input: 'n\n' });
      const flags = { 'decided-by': 'jane' };
      expect((await failureOf(runCommand(command, [place, 'contain'], flags, no))).message).to.contain(
        'Nothing was recorded',
      );
      const yes = memoryIo({ env, interactive: true, input: 'y\n' });
      await runCommand(command, [place, 'contain'], flags, yes);
      expect(yes.err()).to.equal('The plan wants this to be so: Customer support is told. Is it? [y/N] ');
      expect((await readCourse(place)).course.moves).to.have.length(2);
    }));

  it('says what would be skipped, and when it would go back', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await runCommand(command, [dir, 'contain']);
      const skipping = await failureOf(runCommand(command, [dir, 'eradicate']));
      expect(skipping.message).to.contain('The incident was never in identify, coordinate. Skip that?');
      await runCommand(command, [dir, 'eradicate'], { yes: true });
      expect((await failureOf(runCommand(command, [dir, 'contain']))).message).to.contain(
        'The incident is in eradicate. Back to contain?',
      );
      await runCommand(command, [dir, 'contain'], { yes: true });
      await runCommand(command, [dir, 'eradicate']);
      const { moves } = (await readCourse(dir)).course;
      expect(moves.map(({ skipped }) => skipped)[2]).to.deep.equal(['identify', 'coordinate']);
      expect((await failureOf(runCommand(command, [dir, 'eradicate']))).message).to.match(
        /^the incident is in eradicate already, since 2026-11-22T04:15:00.000Z by /,
      );
    }));

  it('closes the incident apart from its evidence, and goes on to review after the seal', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await runCommand(task, [dir, 'call the bank']);
      const { err } = await runCommand(command, [dir, 'close'], { yes: true });
      expect(err)
        .to.contain('warning: tasks that are open: 1; see')
        .and.to.contain('sealed; to seal it for good');
      await runCommand(close, [dir]);
      expect((await runCommand(command, [dir, 'review'])).err).to.not.contain('Evidence');
      expect((await readCourse(dir)).course.moves.at(-1)?.phase).to.equal('review');
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
    }));

  it('gives way to somebody who moved it meanwhile', () =>
    inOffice(async (place, env) => {
      const io = scriptedIo(
        async () => {
          await runCommand(command, [place, 'identify'], {}, memoryIo({ env }));
          return 'y';
        },
        { env },
      );
      const lost = await failureOf(runCommand(command, [place, 'contain'], { 'decided-by': 'jane' }, io));
      expect(lost.message).to.match(/ moved the incident to identify meanwhile$/);
      expect((await readCourse(place)).course.moves.map(({ phase }) => phase)).to.deep.equal([
        'open',
        'identify',
      ]);
    }));

  it('knows its phases', async () => {
    expect((await failureOf(runCommand(command, ['x', 'contian']))).message).to.equal(
      '"contian" is no phase; nearest: contain; phases are open, identify, coordinate, contain, eradicate, recover, close, review',
    );
    expect(await failureOf(runCommand(command, []))).to.be.instanceOf(UsageError);
  });
});
