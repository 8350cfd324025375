import { expect } from 'chai';
import type { RotaCalendar } from '../../../../src/incident/plan/shifts.ts';
import { checkText, exampleDay, mutated } from '../plan-lab.ts';

const text = mutated(/layers:\n.*\[chiara, hugh, nadia\].*/, 'calendar: shop.ics');

const from = exampleDay;
const to = from + 90 * 86_400_000;

function judge(claims: RotaCalendar['claims'], problems: readonly string[] = []): string[] {
  const calendars = new Map([['shop', { from, to, claims, problems }]]);
  return checkText(text, { calendars }).map(({ rule, message }) => `${rule} ${message}`);
}

describe('checkRotas', () => {
  it('looks at calendars that are kept elsewhere', () => {
    expect(judge([{ person: 'chiara', from, to }])).to.deep.equal([]);
    expect(judge([])[0]).to.match(/^rota-gap rotas\.shop: nobody is on call from 2026-11-22/);
    expect(judge([{ person: 'zoe', from, to }])[0]).to.match(
      /^unknown-id rotas\.shop\.calendar: "zoe" is neither/,
    );
  });

  it('tells of a calendar that could not be read, and of no gaps in it', () => {
    expect(judge([], ['reading the calendar: ENOENT'])).to.deep.equal([
      'rota-calendar rotas.shop.calendar: reading the calendar: ENOENT',
    ]);
  });

  it('does not call somebody unknown whose own entry could not be read', () => {
    const broken = mutated("at: '+44 7700 900104'", 'at: 4');
    expect(checkText(broken).map(({ rule }) => rule)).to.deep.equal(['type']);
  });
});
