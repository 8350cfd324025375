import { expect } from 'chai';
import {
  type Escalation,
  type EscalationAsk,
  escalationCourse,
  escalationNow,
} from '../../../src/incident/plan/escalation-now.ts';
import { moment, planOf } from './duty-lab.ts';

const incident = { severity: 'SEV1', highProfile: false, dataInvolved: false };
const duties = new Map([['infra', { person: 'ann' }]]);

function now(ask: Partial<EscalationAsk>, plan = planOf()): Escalation {
  const course = escalationCourse(plan, incident);
  return escalationNow(plan, course, duties, { incident, now: moment, since: moment, ...ask });
}

describe('escalationNow', () => {
  it('begins with the first step, and says who is next and when', () => {
    const { step, steps, calls, lines, chains, message } = now({});
    expect([step, chains]).to.deep.equal([1, ['all']]);
    expect(steps.map(({ number, at, state, parts }) => [number, at, state, parts[0]?.who])).to.deep.equal([
      [1, '2026-11-25T04:15:00Z', 'now', ['Ann Lee']],
      [2, '2026-11-25T04:25:00Z', 'next', ['Cho Kim', 'Bob Ray']],
    ]);
    expect([calls.map(({ name }) => name), lines.map(({ id }) => id)]).to.deep.equal([['Ann Lee'], ['chat']]);
    expect(message).to.contain('Without an answer: 2026-11-25 04:25 UTC: Cho Kim, Bob Ray');
  });

  it('goes by the time that went by, unless a step is named', () => {
    const since = moment - 11 * 60_000;
    expect(now({ since }).step).to.equal(2);
    expect(now({ since }).message).to.not.contain('Without an answer');
    expect(now({ since, step: 1 }).step).to.equal(1);
    expect(now({ since: moment - 600_000 * 60_000 }).steps.map(({ state }) => state)).to.deep.equal([
      'past',
      'now',
    ]);
  });

  it('says it by the template of the webhook, with the name of the case', () => {
    const webhook = { url: 'https://x.example/', template: '{{severity}} {{step}} {{case}}' };
    expect(now({ caseName: 'ir-1' }, planOf({ webhook })).message).to.equal('SEV1 1 ir-1');
  });

  it('tells steps that lead to nobody', () => {
    const escalation = [{ id: 'all', steps: [{ notify: ['rota/none'], timeoutMinutes: 5 }] }];
    const { gaps, calls, steps } = now({}, planOf({ escalation }));
    expect([calls, steps[0]?.parts[0]?.who]).to.deep.equal([[], []]);
    expect(gaps).to.deep.equal([{ reference: 'rota/none', why: 'the plan has no such entry' }]);
  });
});
