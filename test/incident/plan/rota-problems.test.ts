import { expect } from 'chai';
import type { Rota } from '../../../src/incident/plan/rota.ts';
import { rotaProblems, sharedDuties } from '../../../src/incident/plan/rota-problems.ts';
import type { RotaCalendar } from '../../../src/incident/plan/shifts.ts';
import { rotaOf, weekly } from './rota-lab.ts';

const people = ['ann', 'bob', 'cho'].map((id) => ({ id, name: id, reach: [] }));
const from = Date.parse('2026-11-01T00:00Z');

function told(rota: Partial<Rota>, days = 90, calendar?: RotaCalendar): string[] {
  return rotaProblems(rotaOf(rota), people, from, days, calendar).map(
    ({ kind, path, message }) => `${kind} ${path.join('.')}: ${message}`,
  );
}

describe('rotaProblems', () => {
  it('has nothing to say of a rota that is always filled', () => {
    expect(told({ layers: [weekly] })).to.deep.equal([]);
  });

  it('tells the first gap and how many there are', () => {
    const office = {
      ...weekly,
      days: ['mon', 'tue', 'wed', 'thu', 'fri'],
      from: '08:00',
      to: '18:00',
    } as const;
    expect(told({ layers: [office] }, 7)).to.deep.equal([
      'gap : nobody is on call from 2026-11-01 01:00 to 2026-11-02 08:00 (Europe/Vienna), and 5 times more within 7 days',
    ]);
    expect(told({ layers: [{ ...weekly, start: '2026-11-02' }] })).to.deep.equal([
      'gap : nobody is on call from 2026-11-01 01:00 to 2026-11-02 09:00 (Europe/Vienna)',
    ]);
  });

  it('tells overrides that two people have, at the later one, and none of the past', () => {
    const overrides = [
      { person: 'ann', from: '2025-01-01T00:00', to: '2025-01-02T00:00' },
      { person: 'bob', from: '2025-01-01T00:00', to: '2025-01-02T00:00' },
      { person: 'ann', from: '2026-12-24T18:00', to: '2026-12-25T18:00' },
      { person: 'ann', from: '2026-12-25T08:00', to: '2026-12-25T19:00' },
      { person: 'cho', from: '2026-12-25T12:00', to: '2026-12-26T12:00' },
    ];
    expect(told({ layers: [weekly], overrides })).to.deep.equal([
      'double-booking overrides.4: "ann" and "cho" are both on call from 2026-12-25 12:00 to 2026-12-25 19:00 (Europe/Vienna); the later entry counts',
    ]);
  });

  it('names people that the plan does not have where they stand', () => {
    const layers = [weekly, { ...weekly, people: ['ann', 'zoe'] }];
    const overrides = [{ person: 'yan', from: '2026-12-24T18:00', to: '2026-12-25T18:00' }];
    expect(told({ layers, overrides })).to.deep.equal([
      'unknown-person layers.1.people.1: "zoe" is nobody of the plan',
      'unknown-person overrides.0.person: "yan" is nobody of the plan',
    ]);
  });

  it('tells whatever is malformed, and does not reckon with it', () => {
    const bad = { people: [], start: '2026-02-30', handover: '25:00', turnDays: 0, from: '9:00' };
    const overrides = [
      { person: 'ann', from: '2026-12-24T18:00', to: '2026-12-24T18:00' },
      { person: 'ann', from: '2026-12-24', to: '2026-12-24T24:00' },
    ];
    expect(told({ timeZone: '+01:00', layers: [bad], overrides })).to.deep.equal([
      'malformed timeZone: "+01:00" is no time zone; take a name such as Europe/Vienna',
      'malformed layers.0.start: "2026-02-30" is no day; write it as 2026-01-05',
      'malformed layers.0.handover: "25:00" is no time of day; write it as 09:00',
      'malformed layers.0.people: a layer without people names nobody',
      'malformed layers.0.turnDays: a turn of 0 days cannot be; take 1 to 366',
      'malformed layers.0: hours need both from and to',
      'malformed overrides.0.to: ends at 2026-12-24T18:00, which is not after 2026-12-24T18:00',
      'malformed overrides.1.from: "2026-12-24" is no local time; write it as 2026-12-24T18:00',
      'malformed overrides.1.to: "2026-12-24T24:00" is no local time; write it as 2026-12-24T18:00',
    ]);
    expect(told({})).to.deep.equal([
      'malformed : has neither layers nor a calendar, so nobody is ever on call',
    ]);
  });

  it('judges a calendar, and without it says nothing of times', () => {
    const day = 86_400_000;
    const claims = [
      { person: 'ann', from, to: from + 50 * day },
      { person: 'Zoe Doe', from: from + 49 * day, to: from + 90 * day },
    ];
    const calendar = { from, to: from + 90 * day, claims, problems: ['event "x" repeats every second'] };
    expect(told({ calendar: 'rota.ics' })).to.deep.equal([]);
    expect(told({ calendar: 'rota.ics' }, 90, calendar)).to.deep.equal([
      'calendar calendar: event "x" repeats every second',
      'unknown-person calendar: "Zoe Doe" is neither the id nor the name of one person of the plan',
      'double-booking calendar: "ann" and "Zoe Doe" are both on call from 2026-12-20 01:00 to 2026-12-21 01:00 (Europe/Vienna); the later entry counts',
    ]);
  });
});

describe('sharedDuties', () => {
  it('finds one person in two rotas at once, once for each pair', () => {
    const day = { ...weekly, people: ['ann', 'cho'], turnDays: 1 };
    const rotas = [
      { rota: rotaOf({ id: 'one', layers: [weekly] }) },
      { rota: rotaOf({ id: 'two', layers: [day] }) },
      { rota: rotaOf({ id: 'three', layers: [{ ...weekly, people: ['dan'] }] }) },
    ];
    expect(sharedDuties(rotas, Date.parse('2026-01-05T08:00Z'), 14)).to.deep.equal([
      {
        person: 'ann',
        rotas: ['one', 'two'],
        from: Date.parse('2026-01-05T08:00Z'),
        to: Date.parse('2026-01-06T08:00Z'),
        times: 4,
      },
    ]);
  });
});
