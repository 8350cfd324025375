import { expect } from 'chai';
import { factsAct, moveAct } from '../../../src/incident/course-acts.ts';
import { courseOf } from '../../../src/incident/course-of.ts';
import { incidentStatus } from '../../../src/incident/incident-status.ts';
import { incidentFacts } from '../../../src/subcommands/case/incident-facts.ts';
import { custodyLines, opening } from '../../incident/custody-lines.ts';

describe('incidentFacts', () => {
  it('says of each time what shows it, and how long it took', () => {
    const acts = (['contain', 'eradicate', 'recover', 'close'] as const).map((phase) => moveAct({ phase }));
    const facts = factsAct('ir-x', { began: '2026-11-22T03:00:00Z', reporter: 'the bank' });
    const rows = incidentFacts(incidentStatus(courseOf(custodyLines(opening, facts, ...acts))));
    expect(rows).to.deep.equal([
      ['phase', 'close since 2026-11-22T04:05:00.000Z by jane@laptop'],
      ['reporter', 'the bank'],
      ['began', '2026-11-22T03:00:00Z'],
      ['detected', '2026-11-22T04:00:00.000Z, 1h after it began (when the case was opened, line 1)'],
      ['contained', '2026-11-22T04:03:00.000Z, 3m after detection (move to a later phase, line 4)'],
      ['recovered', '2026-11-22T04:05:00.000Z, 5m after detection (move to a later phase, line 6)'],
    ]);
  });

  it('has no row for what is not known', () => {
    expect(incidentFacts(incidentStatus(courseOf([])))).to.deep.equal([]);
  });
});
