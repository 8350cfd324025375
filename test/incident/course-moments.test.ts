import { expect } from 'chai';
import type { Act } from '../../src/evidence/custody-line.ts';
import { factsAct, moveAct } from '../../src/incident/course-acts.ts';
import { courseOf } from '../../src/incident/course-of.ts';
import type { IncidentPhase } from '../../src/incident/course.ts';
import { custodyLines, opening } from './custody-lines.ts';

/** Lines are a minute apart, the first is at 04:00. */
function timesAfter(...acts: readonly (Act | IncidentPhase)[]): unknown {
  const { times, moments } = courseOf(
    custodyLines(opening, ...acts.map((act) => (typeof act === 'string' ? moveAct({ phase: act }) : act))),
  );
  return [times, moments.contained?.shown];
}

const held: Act = { action: 'isolate', object: 'pod/x', result: 'HOLDS' };
const leaked: Act = { ...held, result: 'LEAKS' };

describe('times of a course', () => {
  for (const [what, acts, times, shown] of [
    ['nothing is claimed of an open case', [], {}, undefined],
    ['an isolation that leaks contains nothing', [leaked], {}, undefined],
    ['the first one that holds does', [leaked, held, held], { contain: 120 }, 'isolation'],
    ['to go into contain is not to have contained', ['contain'], {}, undefined],
    ['to go on from it is', ['contain', 'eradicate'], { contain: 120 }, 'move'],
    ['the earlier of both counts', ['contain', held, 'eradicate'], { contain: 120 }, 'isolation'],
    ['also when it is the move', ['contain', 'eradicate', held], { contain: 120 }, 'move'],
    ['what was skipped was not done', ['eradicate', 'close'], {}, undefined],
    [
      'coordinating is no end of containment',
      ['contain', 'coordinate', 'eradicate'],
      { contain: 180 },
      'move',
    ],
    ['catching up undoes nothing', ['contain', 'eradicate', 'identify', 'recover'], { contain: 120 }, 'move'],
    [
      'back in contain, the next end counts',
      ['contain', 'eradicate', 'contain', 'recover'],
      { contain: 240 },
      'move',
    ],
    ['recovered is who left recover for good', ['recover', 'close'], { recover: 120 }, undefined],
    ['and who has not come back', ['recover', 'close', 'contain'], {}, undefined],
    ['review changes nothing of it', ['recover', 'close', 'review'], { recover: 120 }, undefined],
  ] as const)
    it(what, () => {
      expect(timesAfter(...acts)).to.deep.equal([times, shown]);
    });

  it('are counted from what was said, in seconds with their fraction', () => {
    const said = factsAct('ir-x', { began: '2026-11-22T03:00:00.500Z', detected: '2026-11-22T03:30:00Z' });
    expect(timesAfter(said, held)).to.deep.equal([{ detect: 1799.5, contain: 1920 }, 'isolation']);
  });

  it('are not told where the end is before the beginning', () => {
    const said = factsAct('ir-x', { began: '2026-11-22T05:00:00Z', detected: '2026-11-22T04:30:00Z' });
    expect(timesAfter(said, held)).to.deep.equal([{}, 'isolation']);
  });
});
