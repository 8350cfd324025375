import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import type { CustodyLine } from '../../../src/evidence/custody-line.ts';
import { readCustody } from '../../../src/evidence/custody-log.ts';
import { courseActions } from '../../../src/incident/course-acts.ts';
import type { Escalation } from '../../../src/incident/plan/escalation-now.ts';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/plan/escalate.ts';
import { moment } from '../../incident/plan/duty-lab.ts';
import { failureOf } from '../../support/failure.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';
import { runCommand } from '../case/run.ts';
import { withPlan } from './plan-file-lab.ts';

const env = { KUBECONFIG: '/nonexistent/kubeconfig', HOME: '/nonexistent' };
/** Of a case that is made now about x. */
const caseName = 'ir-20261125T041500Z-x';
const given = { 'high-profile': false, data: false, send: false };

function ioNow(): MemoryIo {
  return memoryIo({ now: () => new Date(moment), env });
}

function escalate(
  plan: string,
  flags: Readonly<Record<string, unknown>> = {},
  io = ioNow(),
): ReturnType<typeof runCommand> {
  return runCommand(command, [], { plan, ...given, ...flags }, io);
}

describe('plan escalate', () => {
  let server: Server;
  let url = '';
  let answers: number[] = [];
  const bodies: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(answers.shift() ?? 200).end('ok');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`;
  });
  after(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  beforeEach(() => {
    bodies.length = 0;
    answers = [];
  });

  it('shows the steps, whom to call, where to talk and what to say, and sends nothing', () =>
    withPlan({ webhook: { url } }, async (plan) => {
      const { code, out, err } = await escalate(plan, { severity: 'SEV1', area: 'storage', since: '3m' });
      expect(out).to.equal(
        [
          'STEP   STATE   AT (UTC)           WHO                LINE     CHAIN',
          '1      now     2026-11-25 04:12   Ann Lee            chat     all',
          '2      next    2026-11-25 04:22   Cho Kim, Bob Ray   bridge   all',
          '',
          'Step 1, now',
          'CALL   NAME      REACH                THEIR TIME   UNTIL (UTC)        NEXT      AS',
          '1      Ann Lee   phone 1, chat @ann   Wed 09:45    2026-11-30 08:00   Bob Ray   rota/infra',
          'Talk on   chat: #incident (primary, fails with the cluster)',
          '',
          'Say',
          '   Kestrel: SEV1 incident, Volumes',
          '   What: All is lost',
          '   Since: 2026-11-25 04:12 UTC',
          '   Called now: Ann Lee',
          '   Answer on: #incident',
          '   Without an answer: 2026-11-25 04:22 UTC: Cho Kim, Bob Ray',
          '',
        ].join('\n'),
      );
      expect([code, err, bodies]).to.deep.equal([0, '', []]);
    }));

  it('goes by the most specific chain first', () =>
    withPlan(
      {
        escalation: [
          { id: 'all', steps: [{ notify: ['person/ann'], timeoutMinutes: 5 }] },
          {
            id: 'ceo',
            when: { cause: 'human-error', highProfile: true },
            steps: [{ notify: ['person/cho'], timeoutMinutes: 5 }],
          },
        ],
      },
      async (plan) => {
        const flags = { cause: 'human-error', output: 'name' };
        expect((await escalate(plan, { ...flags, 'high-profile': true })).out).to.equal(
          'person/cho\nperson/ann\n',
        );
        expect((await escalate(plan, flags)).out).to.equal('person/ann\n');
      },
    ));

  it('is about what the case says of its incident, unless a flag says otherwise', () =>
    withPlan(
      {
        escalation: [
          { id: 'storage', areas: ['storage'], steps: [{ notify: ['person/cho'], timeoutMinutes: 5 }] },
          { id: 'worst', severities: ['SEV1'], steps: [{ notify: ['person/bob'], timeoutMinutes: 5 }] },
        ],
      },
      async (plan, dir) => {
        const path = join(dir, 'ir-1');
        const opened = await openCase(ioNow(), { dir: path, target: 'x' });
        const facts = { severity: 'SEV1' };
        await opened.custody.append({
          action: courseActions.facts,
          object: 'ir-1',
          result: 'recorded',
          details: facts,
        });
        await opened.close();
        const flags = { case: path, output: 'name' };
        expect((await escalate(plan, flags)).out).to.equal('person/bob\n');
        expect((await escalate(plan, { ...flags, area: 'storage' })).out).to.have.string('person/cho\n');
        const none = await failureOf(escalate(plan, { ...flags, case: join(dir, 'none') }));
        expect(none).to.be.instanceOf(OperationError);
        expect(none.message).to.equal(`no case at ${join(dir, 'none')}`);
      },
    ));

  it('names the case as it names itself, whatever its directory is called now', () =>
    withPlan(
      { escalation: [{ id: 'all', steps: [{ notify: ['person/bob'], timeoutMinutes: 5 }] }] },
      async (plan, dir) => {
        await (await openCase(ioNow(), { dir: join(dir, 'ir-1'), target: 'x' })).close();
        await rename(join(dir, 'ir-1'), join(dir, 'copy'));
        const { out } = await escalate(plan, { case: join(dir, 'copy') });
        expect(out).to.contain(`   Case: ${caseName}\n`);
      },
    ));

  it('sends on demand, tries again, and has before and after in custody', () =>
    withPlan(
      { webhook: { url, template: '{{severity}}: {{who}} ({{case}}) {{pod}}' } },
      async (plan, dir) => {
        const path = join(dir, 'ir-1');
        await (await openCase(ioNow(), { dir: path, target: 'x' })).close();
        answers = [500];
        const { code, err } = await escalate(plan, { severity: 'SEV1', send: true, case: path });
        expect(code).to.equal(0);
        expect(bodies).to.deep.equal(Array(2).fill(`{"text":"SEV1: Ann Lee (${caseName}) {{pod}}"}`));
        const { host } = new URL(url);
        expect(err).to.contain("warning: nothing is filled in for {{pod}} of the webhook's template\n");
        expect(err).to.contain(`to ${host}, which answered 200\n`);
        const lines: CustodyLine[] = [];
        await readCustody(path, (line) => lines.push(line));
        const messages = lines.filter(({ action }) => action === 'message');
        expect(messages.map(({ object, result }) => [object, result])).to.deep.equal([
          [`webhook ${host}`, 'started'],
          [`webhook ${host}`, 'done'],
        ]);
        expect(messages[1]?.details).to.deep.equal({
          text: `SEV1: Ann Lee (${caseName}) {{pod}}`,
          step: 1,
          chains: ['all'],
          called: ['Ann Lee'],
          status: 200,
          tries: 2,
        });
        expect(JSON.stringify(lines)).to.not.contain('secret');
      },
    ));

  it('says in custody that it failed, and prints data with what became of it', () =>
    withPlan({ webhook: { url } }, async (plan, dir) => {
      const path = join(dir, 'ir-1');
      await (await openCase(ioNow(), { dir: path, target: 'x' })).close();
      answers = [403];
      const io = ioNow();
      const failure = failureOf(escalate(plan, { send: true, case: path, output: 'json' }, io));
      expect((await failure).message).to.match(
        /^the message did not reach 127\.0\.0\.1:\d+: it answers 403$/,
      );
      const printed = JSON.parse(io.out()) as Escalation;
      expect(printed.delivery).to.deep.equal({ host: new URL(url).host, error: (await failure).message });
      expect(complaints(printed)).to.deep.equal([]);
      const results: string[] = [];
      await readCustody(path, ({ action, result }) => {
        if (action === 'message') results.push(result);
      });
      expect(results).to.deep.equal(['started', 'failed']);
      const { out } = await escalate(plan, { send: true, output: 'json', severity: 'SEV1', area: 'storage' });
      expect(complaints(JSON.parse(out))).to.deep.equal([]);
    }));

  it('refuses what cannot be, before anything is sent', () =>
    withPlan({}, async (plan) => {
      const of = (flags: Readonly<Record<string, unknown>>): Promise<Error> =>
        failureOf(escalate(plan, flags));
      for (const flags of [
        { severity: 'SEV9' },
        { area: 'moon' },
        { step: 0 },
        { step: 1.5 },
        { step: 3 },
        { since: 'yesterday' },
        { since: '2026-11-25T05:00:00Z' },
      ])
        expect(await of(flags), JSON.stringify(flags)).to.be.instanceOf(UsageError);
      const error = await of({ send: true });
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.equal('the plan has no webhook, so nothing can be sent');
    }));

  it('says when no chain is for the incident, and when the last step is long due', async () => {
    await withPlan({ escalation: [] }, async (plan) => {
      expect((await failureOf(escalate(plan))).message).to.match(/^no escalation chain of the plan/);
    });
    await withPlan({}, async (plan) => {
      expect((await escalate(plan, { since: '2h' })).err).to.equal(
        'warning: the last step is due since 1h50m; nobody follows it\n',
      );
    });
  });
});

function complaints(value: unknown): unknown[] {
  const schemas = ['escalation', 'on-call-list'].map(
    (name) =>
      JSON.parse(readFileSync(new URL(`../../../schema/${name}.json`, import.meta.url), 'utf8')) as object,
  );
  const formats = { 'date-time': /^\d{4}-\d\d-\d\dT.*Z$/ };
  const ajv = new Ajv2020({ strict: true, allErrors: true, formats, schemas });
  const validate = ajv.getSchema('kubectl-ir/v1/escalation.json');
  return validate?.(value) === true ? [] : (validate?.errors ?? ['no schema']);
}
