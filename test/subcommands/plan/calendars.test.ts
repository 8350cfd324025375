import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { calendarsOf } from '../../../src/subcommands/plan/calendars.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { exampleDay, mutated } from '../../incident/plan/plan-lab.ts';

const text = mutated(/layers:\n.*\[chiara, hugh, nadia\].*/, 'calendar: shop.ics');
const ics = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//test//EN',
  'BEGIN:VEVENT',
  'UID:1',
  'DTSTAMP:20260101T000000Z',
  'DTSTART:20261101T000000Z',
  'DTEND:20270401T000000Z',
  'SUMMARY:Chiara Venturi',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

describe('calendarsOf', () => {
  it('reads calendars beside the plan, and says of those that it cannot read', () =>
    inSandbox(async (dir) => {
      const reading = readPlan(text, join(dir, 'ir-plan.yaml'));
      const missing = (await calendarsOf(reading, exampleDay)).get('shop');
      expect(missing?.claims).to.deep.equal([]);
      expect(missing?.problems[0]).to.contain('shop.ics of rota "shop": ENOENT');
      await writeFile(join(dir, 'shop.ics'), ics);
      const calendars = await calendarsOf(reading, exampleDay);
      expect([...calendars.keys()]).to.deep.equal(['shop']);
      expect(calendars.get('shop')?.problems).to.deep.equal([]);
      expect(calendars.get('shop')?.claims.map(({ person }) => person)).to.deep.equal(['chiara']);
    }));
});
