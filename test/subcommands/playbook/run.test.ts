import { join } from 'node:path';
import { expect } from 'chai';
import { readCourse } from '../../../src/incident/case-course.ts';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/playbook/run.ts';
import { runCommand } from '../case/run.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { inOffice } from './office.ts';

describe('playbook run', () => {
  it('prints the next step where nobody can be asked, and runs nothing', () =>
    inOffice(async ({ dir, plan }) => {
      const flags = { case: dir, plan };
      const { code, out, err } = await runCommand(command, ['stolen-token'], flags);
      expect([code, out]).to.deep.equal([
        3,
        'Step 1 of 4   call   coordination   by area/shop\n   Call the owner of the application\n',
      ]);
      expect(err).to.contain(
        `go on with: kubectl ir playbook run stolen-token --case ${dir} --plan ${plan}\n`,
      );
      const more = await runCommand(command, ['stolen-token'], { ...flags, pod: 'web-7', node: 'node-a' });
      expect(more.err).to.contain(`--case ${dir} --pod web-7 --node node-a --plan ${plan}\n`);
      const cut = await runCommand(command, ['stolen-token'], { ...flags, from: 'cut', pod: 'web-7' });
      expect(cut.out).to.contain('\n   kubectl ir isolate pod/web-7 -n prod --yes\n');
      expect((await readCourse(dir)).course.steps).to.deep.equal([]);
    }));

  it('takes the case from the environment too', () =>
    inOffice(async ({ dir, plan }) => {
      const io = memoryIo({ env: { KUBECTL_IR_CASE: dir, KUBECTL_IR_PLAN: plan } });
      expect((await runCommand(command, ['stolen-token'], {}, io)).code).to.equal(3);
    }));

  it('needs a case that is there, a playbook, a step of it, and names that are names', () =>
    inOffice(async ({ dir, plan }) => {
      const given = { case: dir, plan };
      for (const [words, flags, kind] of [
        [['stolen-token'], { plan }, UsageError],
        [[], given, UsageError],
        [['stolen-tokn'], given, UsageError],
        [['stolen-token'], { ...given, from: 'x' }, UsageError],
        [['stolen-token'], { ...given, pod: '--yes' }, UsageError],
        [['stolen-token'], { ...given, node: '../x' }, UsageError],
        [['stolen-token'], { plan, case: join(dir, 'none') }, OperationError],
        [['stolen-token'], { case: dir, plan: join(dir, 'none') }, OperationError],
      ] as const)
        expect(await failureOf(runCommand(command, words, flags)), JSON.stringify(flags)).to.be.instanceOf(
          kind,
        );
    }));
});
