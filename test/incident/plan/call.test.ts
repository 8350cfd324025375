import { expect } from 'chai';
import { callsOf, follow } from '../../../src/incident/plan/call.ts';
import type { Duty } from '../../../src/incident/plan/shifts.ts';
import { moment, planOf } from './duty-lab.ts';

describe('follow', () => {
  const paths = (references: readonly string[], plan = planOf()): string[] =>
    follow(plan, references).map((lead) => {
      const to = lead.to === 'person' ? lead.person.id : lead.to === 'rota' ? `rota ${lead.rota.id}` : '?';
      return `${to} by ${lead.via}`;
    });

  it('goes through an area and a team in the order of calling, and to everybody once', () => {
    expect(paths(['area/storage', 'person/bob'])).to.deep.equal([
      'rota infra by rota/infra',
      'cho by team/sec',
      'bob by team/sec',
      'ann by area/storage',
    ]);
  });

  it('ends where areas name each other, and tells what the plan does not have', () => {
    const area = (id: string, primary: string): ReturnType<typeof planOf>['areas'][number] => ({
      id,
      name: id,
      primary,
      deputies: [],
    });
    const plan = planOf({ areas: [area('a', 'area/b'), area('b', 'area/a')] });
    expect(paths(['area/a', 'team/none', 'person', 'constructor/x', ''], plan)).to.deep.equal([
      '? by team/none',
      '? by person',
      '? by constructor/x',
      '? by ',
    ]);
  });
});

describe('callsOf', () => {
  const plan = planOf();
  const leads = follow(plan, ['area/storage']);
  const duty: Duty = { person: 'ann', until: moment + 1, next: { person: 'bob', from: moment + 1 } };

  it('names each person once, where they come first, with all that leads to them', () => {
    const { calls, gaps } = callsOf(plan, leads, new Map([['infra', duty]]));
    expect(calls.map(({ name, via, timeZone }) => [name, via.join(' '), timeZone])).to.deep.equal([
      ['Ann Lee', 'rota/infra area/storage', 'Asia/Kolkata'],
      ['Cho Kim', 'team/sec', undefined],
      ['Bob Ray', 'team/sec', 'Europe/Vienna'],
    ]);
    expect(calls[0]?.duty).to.equal(duty);
    expect(gaps).to.deep.equal([]);
  });

  it('tells why a rota leads to nobody', () => {
    const only = follow(plan, ['rota/infra']);
    const gap = (given: Duty | string | undefined): unknown =>
      callsOf(plan, only, new Map(given === undefined ? [] : [['infra', given]])).gaps;
    expect(gap({ until: 5 })).to.deep.equal([
      { reference: 'rota/infra', why: 'nobody is on call', until: 5 },
    ]);
    expect(gap('cannot be read')).to.deep.equal([{ reference: 'rota/infra', why: 'cannot be read' }]);
    expect(gap(undefined)).to.deep.equal([{ reference: 'rota/infra', why: 'was not read' }]);
  });

  it('shows whom a calendar names also when the plan does not have them', () => {
    const { calls } = callsOf(
      plan,
      follow(plan, ['rota/infra']),
      new Map([['infra', { person: 'Zoe Doe' }]]),
    );
    expect(calls).to.deep.equal([{ name: 'Zoe Doe', via: ['rota/infra'], duty: { person: 'Zoe Doe' } }]);
  });
});
