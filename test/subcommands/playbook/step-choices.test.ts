import { expect } from 'chai';
import type { StepRecord } from '../../../src/incident/course.ts';
import { choicesFor, endedBadly, notesOn } from '../../../src/subcommands/playbook/step-choices.ts';
import { stepCommand } from '../../../src/subcommands/playbook/step-command.ts';

const step = { id: 'cut', phase: 'resolution' } as const;
const rest = ['skip', 'hand over', 'quit'];

function record(changes: Partial<StepRecord>): StepRecord {
  const when = { time: '2026-11-22T04:15:00Z', by: 'jane@desk', line: 7 };
  return { playbook: 'book', step: 'cut', outcome: 'failed', ...when, ...changes };
}

describe('what is known of a step and may be said to it', () => {
  it('is that it failed, or was started', () => {
    expect(notesOn(step, record({ exit: 4 }))).to.deep.equal([
      'it failed at 2026-11-22T04:15:00Z for jane@desk (line 7, exit code 4)',
    ]);
    expect(notesOn(step, record({}))[0]).to.match(/\(line 7\)$/);
    expect(notesOn(step, record({ outcome: 'started' }))[0]).to.match(
      /^jane@desk started it at .* no end is recorded/,
    );
    for (const other of [record({ outcome: 'done' }), record({ step: 'look' }), undefined])
      expect([notesOn(step, other), endedBadly(step, other)]).to.deep.equal([[], undefined]);
  });

  it('follows from its kind, and from whether it was run', () => {
    const command = stepCommand('isolate x', {});
    expect(choicesFor({ ...step, text: 'x' }, undefined, undefined)).to.deep.equal(['done', ...rest]);
    expect(choicesFor({ ...step, check: 'x' }, undefined, record({}))).to.deep.equal(['yes', 'no', ...rest]);
    expect(choicesFor(step, command, undefined)).to.deep.equal(['run', ...rest]);
    expect(choicesFor(step, command, record({ exit: 3 }))).to.deep.equal(['run', 'done', ...rest]);
    expect(choicesFor(step, command, record({ outcome: 'started' }))).to.deep.equal(['run', 'done', ...rest]);
    expect(choicesFor(step, command, record({ step: 'look', exit: 3 }))).to.deep.equal(['run', ...rest]);
    expect(choicesFor(step, stepCommand('isolate {{pod}}', {}), undefined)).to.deep.equal(rest);
  });
});
