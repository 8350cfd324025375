import { expect } from 'chai';
import { calendarZones } from '../../../src/incident/plan/calendar-zone.ts';

describe('calendarZones', () => {
  const zoneOf = calendarZones('Europe/Vienna', [
    { id: 'Office', location: 'Asia/Kolkata' },
    { id: 'Empty', location: '' },
  ]);

  const known: [string | undefined, string][] = [
    [undefined, 'Europe/Vienna'],
    ['America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
    ['/freeassociation.example/America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
    ['Pacific Standard Time', 'America/Los_Angeles'],
    ['Office', 'Asia/Kolkata'],
  ];
  for (const [tzid, zone] of known)
    it(`takes ${String(tzid)} for ${zone}`, () => expect(zoneOf(tzid)).to.equal(zone));

  it('refuses what it does not know, an offset too', () => {
    for (const tzid of ['Empty', 'Mars', '+02:00', '', 'constructor', '__proto__'])
      expect(() => zoneOf(tzid), tzid).to.throw(RangeError, `names the time zone "${tzid}"`);
  });
});
