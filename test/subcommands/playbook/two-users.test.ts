import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readCustody } from '../../../src/evidence/custody-log.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { readCourse } from '../../../src/incident/case-course.ts';
import { smallPlan } from '../../support/small-plan.ts';
import { controlC, onTerminal } from '../../support/terminal.ts';
import { inOffice } from './office.ts';

const program = fileURLToPath(new URL('../../../bin/kubectl-ir.ts', import.meta.url));
/** The same files, and another user as the operating system tells it: a user namespace. */
const asNobody = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

/** The program as a shell starts it, on a playbook of the plan. */
function runWords(dir: string, plan: string): string[] {
  const words = ['playbook', 'run', 'stolen-token', '--case', dir, '--plan', plan];
  return [process.execPath, program, ...words];
}

describe('a playbook on a terminal', () => {
  it('is interrupted, and resumed at the right step by another user; custody shows both', async function () {
    this.timeout(120_000);
    await inOffice(async ({ dir, plan }) => {
      const move = 'case move {{case}} contain --decided-by jane';
      await writeFile(plan, smallPlan.replace(/run: "isolate.*?"/, `run: "${move}"`));
      const run = runWords(dir, plan);

      const first = await onTerminal(run, [
        ['Step 1 of 4   call', ''],
        ['[q]uit: ', 'd'],
        ['[n]o', 'y'],
        ['Step 3 of 4   cut', ''],
        ['[q]uit: ', controlC],
      ]);
      expect([first.code, first.shown.includes('interrupted: stopped by the user')]).to.deep.equal([
        130,
        true,
      ]);

      const second = await onTerminal(
        [...asNobody, 'env', `KUBECTL_IR_PLAN=${plan}`, ...run],
        [
          ['Step 3 of 4   cut', ''],
          ['[q]uit: ', 'r'],
          ['Customer support is told. Is it? [y/N] ', 'y'],
          ['Step 4 of 4   note', ''],
          ['[q]uit: ', 'r'],
        ],
      );
      expect([second.code, second.shown.includes('every step is done or skipped')]).to.deep.equal([0, true]);
      expect(second.shown).to.not.contain('Step 1').and.to.not.contain('Step 2');

      const { course } = await readCourse(dir);
      const me = userInfo().username;
      expect(
        course.steps.map(({ step, outcome, by }) => [step, outcome, by.replace(/@.*/, '')]),
      ).to.deep.equal([
        ['call', 'done', me],
        ['sure', 'done', me],
        ['cut', 'started', 'nobody'],
        ['cut', 'done', 'nobody'],
        ['note', 'started', 'nobody'],
        ['note', 'done', 'nobody'],
      ]);
      expect(course.moves.at(-1)).to.include({ phase: 'contain', decidedBy: 'Jane Doe (jane)' });
      expect(course.entries.at(-1)).to.include({ kind: 'decision', text: 'turn the keys' });
      expect((await readCustody(dir)).broken).to.equal(undefined);
      expect((await verifyPath(dir)).problemCount).to.equal(0);
    });
  });

  it('comes back to its question when the command of a step is interrupted at a question of its own', async function () {
    this.timeout(120_000);
    await inOffice(async ({ dir, plan }) => {
      await writeFile(
        plan,
        smallPlan.replace(/run: "isolate.*?"/, 'run: "case move {{case}} contain --decided-by jane"'),
      );
      const run = runWords(dir, plan);
      const { code, shown } = await onTerminal(
        ['env', `KUBECTL_IR_PLAN=${plan}`, ...run, '--from', 'cut'],
        [
          ['[q]uit: ', 'r'],
          ['Is it? [y/N] ', controlC],
          ['exit code 130)', ''],
          ['[q]uit: ', 'q'],
        ],
      );
      expect([code, shown.includes('mistake')]).to.deep.equal([3, false]);
      const { steps, moves } = (await readCourse(dir)).course;
      expect([steps.map(({ outcome, exit }) => [outcome, exit]), moves.length]).to.deep.equal([
        [
          ['started', undefined],
          ['failed', 130],
        ],
        1,
      ]);
    });
  });
});
