import { expect } from 'chai';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { confirmAll, deciderOf, questionsOf } from '../../../src/subcommands/case/move-checks.ts';
import type { PlanInUse } from '../../../src/subcommands/plan-in-use.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { scriptedIo } from '../../support/scripted-io.ts';
import { smallPlan } from '../../support/small-plan.ts';

const { signal } = new AbortController();
const step = { from: 'eradicate', skipped: [], back: false } as const;

function inUse(text: string): PlanInUse {
  const { plan } = readPlan(text, 'ir-plan.yaml');
  if (plan === undefined) throw new Error('no plan');
  return { plan, path: 'ir-plan.yaml', digest: '' };
}

describe('checks of a move', () => {
  it('ask about going back, about what is skipped, and about what must be so', () => {
    expect(questionsOf(step, 'recover', [])).to.deep.equal([]);
    expect(questionsOf({ ...step, back: true }, 'contain', [])).to.have.length(1);
    expect(questionsOf({ ...step, skipped: ['recover'] }, 'close', ['a', 'b'])).to.have.length(3);
  });

  it('need a yes to each, and show the plan’s words safe for the terminal', async () => {
    const asked: string[] = [];
    const answers = ['y', 'yes', 'no'];
    const io = scriptedIo((shown) => {
      asked.push(shown);
      return answers.shift();
    });
    await confirmAll(io, ['one?', 'two\u001b[2J?'], false, signal);
    expect(asked).to.deep.equal(['one? [y/N] ', 'two\\x1b[2J? [y/N] ']);
    expect(await failureOf(confirmAll(io, ['three?', 'four?'], false, signal))).to.be.instanceOf(
      OperationError,
    );
    await confirmAll(memoryIo(), ['one?'], true, signal);
    await confirmAll(memoryIo(), [], false, signal);
    expect(await failureOf(confirmAll(memoryIo(), ['one?'], false, signal))).to.be.instanceOf(UsageError);
  });

  it('take whoever is on call just now, and warn when that cannot be told', async () => {
    const io = memoryIo();
    expect(await deciderOf(io, inUse(smallPlan), ['rota/night'], 'contain', 'joe')).to.equal('Joe Roe (joe)');
    const later = memoryIo({ now: () => new Date('2026-11-24T04:00:00Z') });
    expect(await deciderOf(later, inUse(smallPlan), ['rota/night'], 'contain', 'ada')).to.equal(
      'Ada Poe (ada)',
    );
    expect(
      await failureOf(deciderOf(later, inUse(smallPlan), ['rota/night'], 'contain', 'joe')),
    ).to.be.instanceOf(OperationError);
    const kept = smallPlan.replace(/layers:\n.*\n/, 'calendar: night.ics\n');
    const refused = await failureOf(deciderOf(io, inUse(kept), ['rota/night'], 'contain', 'joe'));
    expect(refused.message).to.contain('for rota/night, which is nobody now');
    expect(io.err()).to.match(/^warning: rota\/night: reading the calendar .*night.ics of rota "night"/);
  });
});
