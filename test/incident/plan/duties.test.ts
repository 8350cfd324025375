import { expect } from 'chai';
import { dutiesAt } from '../../../src/incident/plan/duties.ts';
import { moment, planOf } from './duty-lab.ts';
import { rotaOf, weekly } from './rota-lab.ts';

describe('dutiesAt', () => {
  it('tells who is on call in each rota, and of one that cannot be read why', async () => {
    const rotas = [
      rotaOf({ layers: [weekly] }),
      rotaOf({ id: 'bad', timeZone: 'Mars/Base', layers: [weekly] }),
      rotaOf({ id: 'gone', calendar: 'none.ics' }),
    ];
    const { duties, doubts } = await dutiesAt(planOf(), '/nowhere/ir-plan.yaml', rotas, moment);
    const until = Date.parse('2026-11-30T08:00Z');
    expect(duties.get('infra')).to.deep.equal({ person: 'ann', until, next: { person: 'bob', from: until } });
    expect(duties.get('bad')).to.match(/^rota "bad" cannot be read: timeZone "Mars\/Base" is no time zone/);
    expect(duties.get('gone')).to.match(/^reading the calendar \/nowhere\/none\.ics of rota "gone": ENOENT/);
    expect(doubts).to.deep.equal([]);
  });
});
