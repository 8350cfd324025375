import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/plan/show.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { exampleText, mutated } from '../../incident/plan/plan-lab.ts';
import { failureOf } from '../../support/failure.ts';
import { runCommand } from '../case/run.ts';

const plan = new URL('../../../docs/ir-plan.example.yaml', import.meta.url).pathname;

describe('plan show', () => {
  it('shows every part that there is, one part, or one entry', async () => {
    const whole = await runCommand(command, [], { plan });
    expect(whole.out.match(/^[A-Z]+$/gm)).to.deep.equal([
      'PEOPLE',
      'TEAMS',
      'AREAS',
      'ROTAS',
      'SEVERITIES',
      'LINES',
      'ESCALATION',
      'THREATS',
      'PLAYBOOKS',
      'DECISIONS',
    ]);
    for (const words of [['areas'], ['area']]) {
      const { out, code } = await runCommand(command, words, { plan });
      expect(out).to.match(/^ID +NAME +PRIMARY +DEPUTIES +NAMESPACES\ncluster /);
      expect([code, out.trimEnd().split('\n').length]).to.deep.equal([0, 8]);
    }
    for (const words of [['person', 'hugh'], ['people/hugh']])
      expect((await runCommand(command, words, { plan })).out).to.match(
        /^WHAT +VALUE\nid +hugh\nname +Hugh Carrow\n/,
      );
    expect((await runCommand(command, ['decision', 'close'], { plan })).out).to.contain('person/elin');
  });

  it('gives data', async () => {
    const whole = await runCommand(command, [], { plan, output: 'json' });
    expect(JSON.parse(whole.out)).to.include({ kind: 'Plan', organisation: 'Kestrel Rail Tickets' });
    const part = await runCommand(command, ['lines'], { plan, output: 'yaml' });
    expect(load(part.out)).to.include({ kind: 'PlanPart', part: 'lines' });
    const one = await runCommand(command, ['severity', 'SEV1'], { plan, output: 'json' });
    expect(JSON.parse(one.out)).to.include({ id: 'SEV1', respondWithinMinutes: 15 });
  });

  it('shows what can be read, and says that there is more', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'our plan.yaml');
      await writeFile(path, mutated("at: '@hugh'", 'at: 5'));
      const { out, err, code } = await runCommand(command, ['people'], { plan: path });
      expect(out).to.not.contain('Hugh');
      expect(out).to.contain('Amara');
      expect(err).to.contain(`kubectl ir plan check '${path}'`);
      expect(code).to.equal(3);
    }));

  it('lets no name steer the terminal', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'p.yaml');
      await writeFile(path, exampleText.replace('name: Hugh Carrow', 'name: "\\e[2J\\u202eHugh\\n"'));
      for (const words of [[], ['people'], ['person', 'hugh']]) {
        const { out } = await runCommand(command, words, { plan: path });
        expect(out).to.contain('\\x1b[2J\\xe2\\x80\\xaeHugh\\x0a');
        expect(out).to.not.contain('\u001b');
      }
    }));

  it('names the nearest kind and entry', async () => {
    const kind = await failureOf(runCommand(command, ['aera'], { plan }));
    expect(kind).to.be.instanceOf(UsageError);
    expect(kind.message).to.contain('a plan has no "aera"; nearest: area');
    const entry = await failureOf(runCommand(command, ['person', 'huhg'], { plan }));
    expect(entry).to.be.instanceOf(OperationError);
    expect(entry.message).to.equal('the plan has no huhg among its people; nearest: hugh');
    expect(await failureOf(runCommand(command, ['a', 'b', 'c'], { plan }))).to.be.instanceOf(UsageError);
  });
});
