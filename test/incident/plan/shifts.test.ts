import { expect } from 'chai';
import type { Rota } from '../../../src/incident/plan/rota.ts';
import { onCall, shiftsOf } from '../../../src/incident/plan/shifts.ts';
import { rotaOf, weekly } from './rota-lab.ts';

function shifts(rota: Partial<Rota>, from: string, to: string): string[] {
  return shiftsOf(rotaOf(rota), Date.parse(from), Date.parse(to)).map(
    (shift) => `${shift.person} ${text(shift.from)} ${text(shift.to)}`,
  );
}

function text(moment: number): string {
  return new Date(moment).toISOString().slice(0, 16);
}

describe('shiftsOf', () => {
  it('hands over at the local time on either side of a change of clocks', () => {
    expect(shifts({ layers: [weekly] }, '2026-03-20T00:00Z', '2026-04-05T00:00Z')).to.deep.equal([
      'ann 2026-03-20T00:00 2026-03-23T08:00',
      'bob 2026-03-23T08:00 2026-03-30T07:00',
      'ann 2026-03-30T07:00 2026-04-05T00:00',
    ]);
  });

  it('hands over later by what clocks skip, and at the first of two equal times', () => {
    const nightly = { ...weekly, turnDays: 1, handover: '02:30' };
    expect(shifts({ layers: [nightly] }, '2026-03-28T12:00Z', '2026-03-30T12:00Z')).to.deep.equal([
      'ann 2026-03-28T12:00 2026-03-29T01:30',
      'bob 2026-03-29T01:30 2026-03-30T00:30',
      'ann 2026-03-30T00:30 2026-03-30T12:00',
    ]);
    expect(shifts({ layers: [nightly] }, '2026-10-24T12:00Z', '2026-10-26T12:00Z')).to.deep.equal([
      'ann 2026-10-24T12:00 2026-10-25T00:30',
      'bob 2026-10-25T00:30 2026-10-26T01:30',
      'ann 2026-10-26T01:30 2026-10-26T12:00',
    ]);
    const lordHowe = { timeZone: 'Australia/Lord_Howe', layers: [{ ...nightly, handover: '02:10' }] };
    expect(shifts(lordHowe, '2026-10-03T12:00Z', '2026-10-03T20:00Z')).to.deep.equal([
      'bob 2026-10-03T12:00 2026-10-03T15:40',
      'ann 2026-10-03T15:40 2026-10-03T20:00',
    ]);
  });

  it('counts a leap day as a day', () => {
    const daily = { ...weekly, start: '2028-02-27', turnDays: 1, handover: '00:00' };
    const utc = { timeZone: 'UTC', layers: [{ ...daily, people: ['ann', 'bob', 'cho'] }] };
    expect(shifts(utc, '2028-02-28T00:00Z', '2028-03-02T00:00Z')).to.deep.equal([
      'bob 2028-02-28T00:00 2028-02-29T00:00',
      'cho 2028-02-29T00:00 2028-03-01T00:00',
      'ann 2028-03-01T00:00 2028-03-02T00:00',
    ]);
    const onLeapDay = { timeZone: 'UTC', layers: [{ ...daily, start: '2028-02-29' }] };
    expect(shifts(onLeapDay, '2028-02-28T12:00Z', '2028-03-01T12:00Z')).to.deep.equal([
      'ann 2028-02-29T00:00 2028-03-01T00:00',
      'bob 2028-03-01T00:00 2028-03-01T12:00',
    ]);
  });

  it('keeps hours to the day on which they begin, over midnight and over hand-overs', () => {
    const night = { ...weekly, handover: '00:00', days: ['sun', 'mon'], from: '22:00', to: '06:00' } as const;
    expect(shifts({ layers: [night] }, '2026-01-10T00:00Z', '2026-01-14T00:00Z')).to.deep.equal([
      'ann 2026-01-11T21:00 2026-01-11T23:00',
      'bob 2026-01-11T23:00 2026-01-12T05:00',
      'bob 2026-01-12T21:00 2026-01-13T05:00',
    ]);
    const whole = { ...weekly, people: ['cho'], days: ['sat', 'sun'] } as const;
    expect(shifts({ layers: [whole] }, '2026-01-08T00:00Z', '2026-01-14T00:00Z')).to.deep.equal([
      'cho 2026-01-09T23:00 2026-01-11T23:00',
    ]);
    const round = { ...weekly, people: ['cho'], days: ['fri'], from: '17:00', to: '17:00' } as const;
    expect(shifts({ layers: [round] }, '2026-01-08T00:00Z', '2026-01-14T00:00Z')).to.deep.equal([
      'cho 2026-01-09T16:00 2026-01-10T16:00',
    ]);
  });

  it('lets later layers go before earlier ones, overrides before both, and the last override before the others', () => {
    const weekend = { ...weekly, people: ['cho'], days: ['sat', 'sun'] } as const;
    const overrides = [
      { person: 'dan', from: '2026-01-09T12:00', to: '2026-01-10T12:00' },
      { person: 'eve', from: '2026-01-10T06:00', to: '2026-01-10T12:00' },
    ];
    const rota = { layers: [weekly, weekend], overrides };
    expect(shifts(rota, '2026-01-09T00:00Z', '2026-01-12T12:00Z')).to.deep.equal([
      'ann 2026-01-09T00:00 2026-01-09T11:00',
      'dan 2026-01-09T11:00 2026-01-10T05:00',
      'eve 2026-01-10T05:00 2026-01-10T11:00',
      'cho 2026-01-10T11:00 2026-01-11T23:00',
      'ann 2026-01-11T23:00 2026-01-12T08:00',
      'bob 2026-01-12T08:00 2026-01-12T12:00',
    ]);
  });

  it('refuses a malformed rota and a calendar that was not read', () => {
    const bad = rotaOf({ layers: [{ ...weekly, handover: 'nine' }] });
    expect(() => shiftsOf(bad, 0, 1)).to.throw(
      'rota "infra" cannot be read: layers 0 handover "nine" is no time of day; write it as 09:00',
    );
    expect(() => shiftsOf(rotaOf({ calendar: 'rota.ics' }), 0, 1)).to.throw('rota.ics, which was not read');
  });
});

describe('onCall', () => {
  const at = (rota: Partial<Rota>, moment: string): unknown => {
    const { person, until, next } = onCall(rotaOf(rota), Date.parse(moment));
    return [
      person,
      until === undefined ? undefined : text(until),
      next && `${next.person} ${text(next.from)}`,
    ];
  };

  it('names who is on call, until when, and who follows', () => {
    expect(at({ layers: [weekly] }, '2026-11-25T04:15:00Z')).to.deep.equal([
      'ann',
      '2026-11-30T08:00',
      'bob 2026-11-30T08:00',
    ]);
  });

  it('looks three months ahead for somebody else', () => {
    expect(at({ layers: [{ ...weekly, turnDays: 80 }] }, '2026-01-06T00:00:00Z')).to.deep.equal([
      'ann',
      '2026-03-26T08:00',
      'bob 2026-03-26T08:00',
    ]);
    expect(at({ layers: [{ ...weekly, people: ['ann'] }] }, '2026-01-06T00:00:00Z')).to.deep.equal([
      'ann',
      undefined,
      undefined,
    ]);
  });

  it('tells until when nobody is', () => {
    expect(at({ layers: [weekly] }, '2026-01-05T07:59:59Z')).to.deep.equal([
      undefined,
      '2026-01-05T08:00',
      'ann 2026-01-05T08:00',
    ]);
    const office = { ...weekly, people: ['ann'], from: '08:00', to: '18:00' };
    expect(at({ layers: [office] }, '2026-01-06T12:00:00Z')).to.deep.equal([
      'ann',
      '2026-01-06T17:00',
      undefined,
    ]);
  });
});
