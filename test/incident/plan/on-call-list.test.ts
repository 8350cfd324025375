import { expect } from 'chai';
import { follow } from '../../../src/incident/plan/call.ts';
import { onCallList } from '../../../src/incident/plan/on-call-list.ts';
import { moment, planOf } from './duty-lab.ts';

describe('onCallList', () => {
  it('has people in order with their own clock, until when, and who follows', () => {
    const plan = planOf();
    const duty = { person: 'ann', until: moment + 60_000, next: { person: 'bob', from: moment + 60_000 } };
    const leads = follow(plan, ['rota/infra', 'person/cho', 'area/none']);
    const list = onCallList(plan, leads, new Map([['infra', duty]]), moment, { chains: ['all'] });
    expect(list).to.deep.equal({
      apiVersion: 'kubectl-ir/v1',
      kind: 'OnCallList',
      at: '2026-11-25T04:15:00Z',
      chains: ['all'],
      calls: [
        {
          order: 1,
          id: 'ann',
          name: 'Ann Lee',
          reach: plan.people[0]?.reach,
          via: ['rota/infra'],
          timeZone: 'Asia/Kolkata',
          localTime: 'Wed 09:45',
          until: '2026-11-25T04:16:00Z',
          next: { name: 'Bob Ray', from: '2026-11-25T04:16:00Z' },
        },
        { order: 2, id: 'cho', name: 'Cho Kim', reach: [], via: ['person/cho'] },
      ],
      gaps: [{ reference: 'area/none', why: 'the plan has no such entry' }],
    });
  });
});
