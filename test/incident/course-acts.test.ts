import { expect } from 'chai';
import fc from 'fast-check';
import type { Act, CustodyLine } from '../../src/evidence/custody-line.ts';
import {
  decisionAct,
  factsAct,
  moveAct,
  stepAct,
  taskAct,
  taskDoneAct,
} from '../../src/incident/course-acts.ts';
import { courseOf } from '../../src/incident/course-of.ts';
import {
  type IncidentFacts,
  incidentPhases,
  type PhaseMove,
  type StepRecord,
  stepOutcomes,
} from '../../src/incident/course.ts';
import { custodyLines, opening } from './custody-lines.ts';
import { anyText } from '../support/any-text.ts';

const text = anyText();
const optional = { requiredKeys: [] };
const moment = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((date) => date.toISOString());

const facts: fc.Arbitrary<IncidentFacts> = fc.record(
  { severity: text, area: text, reporter: text, seen: text, began: moment, detected: moment },
  optional,
);
const move: fc.Arbitrary<Parameters<typeof moveAct>[0]> = fc.record(
  {
    phase: fc.constantFrom(...incidentPhases),
    decidedBy: text,
    why: text,
    skipped: fc.array(fc.constantFrom(...incidentPhases)),
    confirmed: fc.array(text),
    plan: text,
  },
  { requiredKeys: ['phase'] },
);
const step: fc.Arbitrary<Parameters<typeof stepAct>[0]> = fc.record(
  {
    playbook: text,
    step: text,
    outcome: fc.constantFrom(...stepOutcomes),
    remark: text,
    command: fc.array(text),
    exit: fc.nat(255),
    filled: fc.dictionary(fc.constantFrom('pod', 'namespace', 'node', 'case'), text),
  },
  { requiredKeys: ['playbook', 'step', 'outcome'] },
);

/** What custody gives back of acts: they go through JSON. */
function told(...acts: readonly Act[]): CustodyLine[] {
  return JSON.parse(JSON.stringify(custodyLines(opening, ...acts))) as CustodyLine[];
}

const recorded = { time: '2026-11-22T04:01:00.000Z', by: 'jane@laptop', line: 2 };

describe('acts of the course', () => {
  it('are read as they were made', () => {
    fc.assert(
      fc.property(
        facts,
        move,
        step,
        text,
        fc.option(text, { nil: undefined }),
        (said, moved, ran, words, who) => {
          const noted = courseOf(told(factsAct('ir-x', said)));
          expect(noted.facts).to.deep.equal(plain(said));
          expect(courseOf(told(moveAct(moved))).moves[1]).to.deep.equal({
            ...plain<Partial<PhaseMove>>(moved),
            ...recorded,
          });
          expect(courseOf(told(stepAct(ran))).steps).to.deep.equal([
            { ...plain<Partial<StepRecord>>(ran), ...recorded },
          ]);
          expect(courseOf(told(decisionAct('ir-x', words, who))).entries).to.deep.equal([
            { kind: 'decision', text: words, ...recorded, ...(who === undefined ? {} : { decidedBy: who }) },
          ]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('number tasks and say which was done, in the phase that they were made in', () => {
    const task = fc.record({ text, owner: text, due: text }, { requiredKeys: ['text'] });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 5 }), fc.nat(), (tasks, pick) => {
        const done = (pick % tasks.length) + 1;
        const acts = tasks.map((one, index) => taskAct({ id: index + 1, ...one }));
        const course = courseOf(told(moveAct({ phase: 'contain' }), ...acts, taskDoneAct(done)));
        expect(course.malformed).to.equal(0);
        expect(
          course.tasks.map(({ id, text: words, owner, due }) => ({ id, words, owner, due })),
        ).to.deep.equal(
          tasks.map((one, index) => ({ id: index + 1, words: one.text, owner: one.owner, due: one.due })),
        );
        expect(course.tasks.filter((one) => one.done !== undefined).map(({ id }) => id)).to.deep.equal([
          done,
        ]);
        expect(new Set(course.tasks.map(({ phase }) => phase))).to.deep.equal(new Set(['contain']));
      }),
    );
  });
});

/** A value as JSON keeps it: without members that are undefined, and without a prototype of its own. */
function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
