import { expect } from 'chai';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { entryTable, planTable } from '../../../src/subcommands/plan/show-output.ts';
import { mutated } from '../../incident/plan/plan-lab.ts';

const text = mutated(
  "handover: '09:30', turnDays: 7 }",
  "handover: '09:30', turnDays: 1, days: [mon, fri], from: '08:00', to: '20:00' }",
).replace(
  '    when: { cause: human-error, highProfile: true }',
  '    when: { cause: malice, highProfile: false, dataInvolved: false }',
);
const { plan } = readPlan(text, 'x');
if (plan === undefined) throw new Error('no plan');

/** The row of an entry, its cells parted by bars. */
function rowOf(kind: Parameters<typeof planTable>[1], id: string): string {
  const lines = plan === undefined ? [] : planTable(plan, kind).split('\n');
  return (lines.find((line) => line.startsWith(`${id} `)) ?? '').replace(/ {2,}/g, '|');
}

describe('planTable', () => {
  it('says in words what entries mean', () => {
    expect(rowOf('rotas', 'shop')).to.equal(
      'shop|Shop on call|Europe/London|chiara, hugh, nadia every 1 day at 09:30 (mon fri 08:00-20:00)',
    );
    expect(rowOf('rotas', 'infrastructure')).to.match(/\|grace 2026-12-24T09:00 to 2026-12-27T09:00$/);
    expect(rowOf('severities', 'SEV3')).to.match(/^SEV3\|8h\|-\|Something/);
    expect(rowOf('lines', 'status-board')).to.match(/\|yes$/);
    expect(rowOf('escalation', 'our-own-mistake')).to.equal(
      'our-own-mistake|all, malice, not high profile, no data involved|person/owen 10m; team/communications + team/people-team 30m|-',
    );
    expect(rowOf('escalation', 'shop-down')).to.match(
      /^shop-down\|SEV2, shop, payments\|rota\/shop 15m; .*\|leadership$/,
    );
    expect(rowOf('playbooks', 'mistake')).to.equal('mistake|6|One of us broke production');
  });
});

describe('entryTable', () => {
  it('has a line for each member and each item', () => {
    const table = entryTable({ id: 'x', when: { cause: 'malice' }, steps: [{ notify: ['a', 'b'] }, 'c'] });
    expect(table.split('\n').map((line) => line.trimEnd())).to.deep.equal([
      'WHAT    VALUE',
      'id      x',
      'when    cause malice',
      'steps   notify a, b',
      '        c',
    ]);
  });
});
