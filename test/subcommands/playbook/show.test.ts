import { join } from 'node:path';
import { expect } from 'chai';
import { recordInCase } from '../../../src/incident/case-course.ts';
import { stepAct } from '../../../src/incident/course-acts.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/playbook/show.ts';
import { runCommand } from '../case/run.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { inOffice } from './office.ts';

describe('playbook show', () => {
  it('has a line for each step', () =>
    inOffice(async ({ plan }) => {
      const { out } = await runCommand(command, ['stolen-token'], { plan });
      expect(
        out
          .split('\n')
          .slice(0, 4)
          .map((line) => line.split(/ {3,}/)),
      ).to.deep.equal([
        ['STEP', 'PHASE', 'BY', 'WHAT'],
        ['call', 'coordination', 'area/shop', 'Call the owner of the application'],
        ['sure', 'identification', 'Is the pod named and its owner told?'],
        ['cut', 'resolution', 'team/infra', 'kubectl ir isolate pod/{{pod}} -n {{namespace}} --yes'],
      ]);
    }));

  it('says what became of each in a case', () =>
    inOffice(async ({ dir, plan }) => {
      await recordInCase(memoryIo(), dir, new AbortController().signal, () => [
        stepAct({ playbook: 'stolen-token', step: 'call', outcome: 'done' }),
        stepAct({ playbook: 'other', step: 'sure', outcome: 'failed' }),
      ]);
      const { out } = await runCommand(command, ['stolen-token'], { plan, case: dir });
      expect(out).to.match(/^call .* done 2026-11-22T04:15:00.000Z \S+@\S+ +Call/m);
      expect(out).to.not.contain('failed');
      const none = await failureOf(runCommand(command, ['stolen-token'], { plan, case: join(dir, 'x') }));
      expect(none).to.be.instanceOf(OperationError);
    }));
});
