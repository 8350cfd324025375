import { readFile, writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/playbook/list.ts';
import { runCommand } from '../case/run.ts';
import { failureOf } from '../../support/failure.ts';
import { smallPlan } from '../../support/small-plan.ts';
import { inOffice } from './office.ts';

const threat =
  'threats: [{ id: theft, cause: malice, what: x, likelihood: low, impact: high, severity: SEV1, playbook: stolen-token }]\n';

describe('playbook list', () => {
  it('names playbooks and the threats that they are for', () =>
    inOffice(async ({ plan }) => {
      await writeFile(plan, smallPlan + threat);
      const { out } = await runCommand(command, [], { plan });
      expect(out.split('\n').map((line) => line.split(/ {3,}/))).to.deep.equal([
        ['NAME', 'STEPS', 'THREATS', 'TITLE'],
        ['stolen-token', '4', 'theft', 'A token of a service account was stolen'],
        [''],
      ]);
      expect((await runCommand(command, [], { plan, output: 'name' })).out).to.equal(
        'playbook/stolen-token\n',
      );
      const data: unknown = JSON.parse((await runCommand(command, [], { plan, output: 'json' })).out);
      const schema = await readFile(new URL('../../../schema/playbook-list.json', import.meta.url), 'utf8');
      const validate = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(schema) as object);
      expect([validate(data), validate.errors]).to.deep.equal([true, null]);
    }));

  it('says when there are none, and takes no name', () =>
    inOffice(async ({ plan }) => {
      await writeFile(plan, smallPlan.replace(/playbooks:[\s\S]*decisions:/, 'decisions:'));
      const { out, err } = await runCommand(command, [], { plan });
      expect([out, err]).to.deep.equal(['', `Plan      ${plan} has no playbooks\n`]);
      expect(await failureOf(runCommand(command, ['x'], { plan }))).to.be.instanceOf(UsageError);
    }));
});
