import { expect } from 'chai';
import fc from 'fast-check';
import type { Act, CustodyLine } from '../../src/evidence/custody-line.ts';
import { factsAct, moveAct, taskAct, taskDoneAct } from '../../src/incident/course-acts.ts';
import { courseOf } from '../../src/incident/course-of.ts';
import { custodyLines, opening } from './custody-lines.ts';

const done = { object: 'ir-x', result: 'done' };

describe('courseOf', () => {
  it('is empty before the first line, and open after it', () => {
    expect(courseOf([])).to.deep.equal({
      facts: {},
      moves: [],
      tasks: [],
      entries: [],
      steps: [],
      moments: {},
      times: {},
      malformed: 0,
    });
    const { moves, moments } = courseOf(custodyLines(opening, { ...opening }));
    expect(moves).to.deep.equal([
      { phase: 'open', time: '2026-11-22T04:00:00.000Z', by: 'jane@laptop', line: 1 },
    ]);
    expect(moments).to.deep.equal({
      detected: { time: '2026-11-22T04:00:00.000Z', line: 1, shown: 'opened' },
    });
  });

  it('has remarks, hand-overs and decisions in their order', () => {
    const { entries } = courseOf(
      custodyLines(
        opening,
        { action: 'remark', ...done, details: { remark: 'told the owner' } },
        { action: 'handover', ...done, details: { from: 'jane', to: 'joe', reason: 'end of shift' } },
        { action: 'handover', ...done, details: { to: 'the laboratory' } },
        { action: 'message', object: 'webhook chat', result: 'started', details: { text: 'SEV1' } },
        { action: 'message', object: 'webhook chat', result: 'failed', details: { text: 'SEV1' } },
      ),
    );
    expect(entries.map(({ kind, line, text }) => [kind, line, text])).to.deep.equal([
      ['remark', 2, 'told the owner'],
      ['handover', 3, 'from jane to joe: end of shift'],
      ['handover', 4, 'to the laboratory'],
      ['message', 6, 'to webhook chat, failed: SEV1'],
    ]);
  });

  it('takes what was said last, with times in UTC', () => {
    const { facts } = courseOf(
      custodyLines(
        opening,
        factsAct('ir-x', { severity: 'sev3', area: 'shop' }),
        factsAct('ir-x', { severity: 'sev1', detected: '2026-11-22T05:00:00+01:00' }),
      ),
    );
    expect(facts).to.deep.equal({ severity: 'sev1', area: 'shop', detected: '2026-11-22T04:00:00Z' });
  });

  it('leaves out and counts what is not as it should be', () => {
    const wrong: Act[] = [
      moveAct({ phase: 'lunch' as 'open' }),
      { ...moveAct({ phase: 'contain' }), details: { skipped: ['lunch'] } },
      { ...moveAct({ phase: 'contain' }), details: { why: 7 } },
      { action: 'incident', ...done, details: { began: 'yesterday' } },
      taskAct({ id: 7, text: 'out of turn' }),
      taskDoneAct(1),
      { action: 'task', object: 'task/1', result: 'open', details: { id: '1', text: 'x' } },
      { action: 'step', ...done, details: { playbook: 'x' } },
      { action: 'decide', ...done },
      { action: 'message', ...done },
      { action: 'remark', ...done, details: { remark: ['x'] } },
    ];
    const course = courseOf(custodyLines(opening, ...wrong));
    expect(course.malformed).to.equal(wrong.length);
    expect([course.moves.length, course.tasks, course.steps, course.entries]).to.deep.equal([1, [], [], []]);
  });

  it('never throws, and reads no more than it is given', () => {
    const word = fc.constantFrom(
      'open',
      'isolate',
      'remark',
      'handover',
      'incident',
      'move',
      'task',
      'step',
      'decide',
    );
    const line = fc.oneof(
      fc.anything(),
      fc.record({
        seq: fc.oneof(fc.nat(), fc.anything()),
        time: fc.oneof(fc.constant('2026-11-22T04:00:00Z'), fc.anything()),
        actor: fc.oneof(fc.constant({ user: 'a', host: 'b' }), fc.anything()),
        action: fc.oneof(word, fc.constantFrom('__proto__', 'constructor', 'toString')),
        object: fc.oneof(fc.constantFrom('contain', 'close'), fc.anything()),
        result: fc.oneof(fc.constantFrom('done', 'open', 'HOLDS'), fc.anything()),
        details: fc.anything({ withNullPrototype: true }),
      }),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const course = courseOf(lines as CustodyLine[]);
        expect(course.malformed).to.be.at.most(lines.length);
      }),
      { numRuns: 500 },
    );
  });
});
