import { expect } from 'chai';
import {
  isTimeZone,
  localText,
  momentAt,
  readDay,
  readLocal,
  readTimeOfDay,
} from '../../../src/incident/plan/local-time.ts';

describe('local time', () => {
  const moments: [string, string, string, string][] = [
    ['an hour that clocks skip', 'Europe/Vienna', '2026-03-29T02:30', '2026-03-29T01:30'],
    ['an hour that they show twice', 'Europe/Vienna', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['half an hour that they skip', 'Australia/Lord_Howe', '2026-10-04T02:10', '2026-10-03T15:40'],
    ['half an hour that they show twice', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45'],
    ['a midnight that they skip', 'Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00'],
    ['a day that a country left out', 'Pacific/Apia', '2011-12-30T09:00', '2011-12-30T19:00'],
  ];
  for (const [name, zone, local, wanted] of moments) {
    it(`takes ${name} as RFC 5545 does`, () => {
      const read = readLocal(local);
      expect(read && new Date(momentAt(zone, read)).toISOString()).to.equal(`${wanted}:00.000Z`);
    });
  }

  it('shows a moment on the clocks of a zone', () => {
    expect(localText('Asia/Kolkata', Date.parse('2026-11-25T04:15:42Z'))).to.equal('2026-11-25 09:45');
  });

  it('knows zones by name only', () => {
    expect(['Europe/Vienna', 'UTC', 'Etc/GMT+5'].filter(isTimeZone)).to.have.length(3);
    expect(['', '+01:00', 'Mars/Base', '../etc', 'Europe/Vienna[x]', 'Z\n'].filter(isTimeZone)).to.deep.equal(
      [],
    );
  });

  it('reads days, times of day and local times of one form only', () => {
    expect(readDay('2028-02-29')?.toString()).to.equal('2028-02-29');
    for (const text of [
      '2026-02-29',
      '2026-13-01',
      '2026-1-5',
      '20260105',
      '2026-01-05T00:00',
      '',
      '+002026-01-05',
    ])
      expect(readDay(text), text).to.equal(undefined);
    for (const text of ['24:00', '9:00', '09:60', '09:00:00', '0900', ''])
      expect(readTimeOfDay(text), text).to.equal(undefined);
    for (const text of ['2026-12-24', '2026-12-24 18:00', '2026-12-24T18:00Z', '2026-12-32T18:00'])
      expect(readLocal(text), text).to.equal(undefined);
  });
});
