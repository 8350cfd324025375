import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { OnCallList } from '../../../src/incident/plan/on-call-list.ts';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/plan/who.ts';
import { moment } from '../../incident/plan/duty-lab.ts';
import { rotaOf, weekly } from '../../incident/plan/rota-lab.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { runCommand } from '../case/run.ts';
import { withPlan } from './plan-file-lab.ts';

/** What would be read of the cluster's configuration, were it read: a file that fails. */
const env = { KUBECONFIG: '/nonexistent/kubeconfig', HOME: '/nonexistent' };

function who(plan: string, flags: Readonly<Record<string, unknown>> = {}): ReturnType<typeof runCommand> {
  return runCommand(command, [], { plan, ...flags }, memoryIo({ now: () => new Date(moment), env }));
}

describe('plan who', () => {
  it('shows who is on call in each rota', () =>
    withPlan({}, async (plan) => {
      const { code, out, err } = await who(plan);
      expect(out).to.equal(
        'CALL   NAME      REACH                THEIR TIME   UNTIL (UTC)        NEXT      AS\n' +
          '1      Ann Lee   phone 1, chat @ann   Wed 09:45    2026-11-30 08:00   Bob Ray   rota/infra\n',
      );
      expect([code, err]).to.deep.equal([0, '']);
    }));

  it('shows contacts of an area, then whom the chains of a severity name', () =>
    withPlan({}, async (plan) => {
      const { out } = await who(plan, { area: 'storage', severity: 'sev1', output: 'wide' });
      expect(out.split('\n').map((line) => line.slice(0, 14).trim())).to.deep.equal([
        'CALL   NAME',
        '1      Ann Lee',
        '2      Cho Kim',
        '3      Bob Ray',
        '',
      ]);
      expect(out).to.contain('phone 1, chat @ann, email ann@example.org');
      expect(out).to.contain('Wed 09:45 Asia/Kolkata');
      const { out: names } = await who(plan, { severity: 'SEV1', output: 'name' });
      expect(names).to.equal('person/ann\nperson/cho\nperson/bob\n');
    }));

  it('tells of another moment, with its zone', () =>
    withPlan({}, async (plan) => {
      const { out } = await who(plan, { at: '2026-11-30T09:00:00+01:00', output: 'name' });
      expect(out).to.equal('person/bob\n');
      for (const at of ['2026-11-30T09:00:00', 'tomorrow', '2026-11-30'])
        expect(await failureOf(who(plan, { at }))).to.be.instanceOf(UsageError);
    }));

  it('prints data by its schema', () =>
    withPlan({}, async (plan) => {
      const text = readFileSync(new URL('../../../schema/on-call-list.json', import.meta.url), 'utf8');
      const formats = { 'date-time': /^\d{4}-\d\d-\d\dT.*Z$/ };
      const validate = new Ajv2020({ strict: true, formats }).compile(JSON.parse(text) as object);
      const { out } = await who(plan, { area: 'storage', severity: 'SEV1', output: 'json' });
      const list = JSON.parse(out) as OnCallList;
      expect(validate(list), JSON.stringify(validate.errors)).to.equal(true);
      expect([list.area, list.severity, list.chains]).to.deep.equal(['storage', 'SEV1', ['all']]);
    }));

  it('goes on where a rota leads to nobody, and says so', () =>
    withPlan({ rotas: [rotaOf({ layers: [{ ...weekly, start: '2026-12-07' }] })] }, async (plan) => {
      const { code, out, err } = await who(plan, { area: 'storage', output: 'name' });
      expect([code, out]).to.deep.equal([3, 'person/cho\nperson/bob\nperson/ann\n']);
      expect(err).to.equal('warning: rota/infra: nobody is on call until 2026-12-07 08:00 UTC\n');
      const error = await failureOf(who(plan));
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.equal('the plan leads to nobody who could be called now');
    }));

  it('reads rotas that are kept in calendars beside the plan', () =>
    withPlan({ rotas: [rotaOf({ calendar: 'rota.ics' })] }, async (plan) => {
      const event = ['SUMMARY:Bob Ray', 'DTSTART:20261125T040000Z', 'DURATION:PT1H'];
      const lines = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...event, 'END:VEVENT', 'END:VCALENDAR', ''];
      await writeFile(plan.replace('ir-plan.yaml', 'rota.ics'), lines.join('\r\n'));
      expect(await who(plan, { output: 'name' })).to.deep.equal({ code: 0, out: 'person/bob\n', err: '' });
      const odd = ['BEGIN:VEVENT', 'SUMMARY:Eve \x1b[2J', 'DTSTART:tomorrow', 'END:VEVENT'];
      await writeFile(
        plan.replace('ir-plan.yaml', 'rota.ics'),
        [...lines.slice(0, -2), ...odd, 'END:VCALENDAR', ''].join('\r\n'),
      );
      const { code, out, err } = await who(plan, { output: 'name' });
      expect([code, out]).to.deep.equal([3, 'person/bob\n']);
      expect(err)
        .to.match(/^warning: rota\/infra: its calendar: event "Eve .*it was left out\n$/)
        .and.not.include('\x1b');
    }));

  it('uses what can be read of a plan, and lets no text of it steer the terminal', () =>
    withPlan({}, async (plan) => {
      await writeFile(
        plan,
        [
          'apiVersion: kubectl-ir/v1',
          'kind: Plan',
          'organisation: x',
          'people:',
          '  - { id: ann, name: "Ann\\e[2J\\u202eLee", reach: [{ by: phone, at: "1\\n2" }] }',
          '  - { id: bob }',
          'rotas:',
          '  - { id: r, name: R, timeZone: UTC, layers: [{ people: [ann], start: 2026-01-01, handover: "09:00", turnDays: 1 }] }',
        ].join('\n'),
      );
      const { code, out, err } = await who(plan);
      expect(out).to.contain('Ann\\x1b[2J\\xe2\\x80\\xaeLee');
      expect(out).to.contain('phone 1\\x0a2');
      expect(code).to.equal(3);
      expect(err).to.match(/^warning: errors in the plan: \d+; what has one is left out/);
    }));
});
