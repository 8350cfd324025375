import { expect } from 'chai';
import type { StepRecord } from '../../src/incident/course.ts';
import { playbookProgress } from '../../src/incident/playbook-progress.ts';

const playbook = {
  id: 'book',
  title: 'A book',
  steps: ['a', 'b', 'c'].map((id) => ({ id, phase: 'resolution' as const, text: id })),
};

function records(
  ...steps: readonly (readonly [step: string, outcome: StepRecord['outcome'], playbook?: string])[]
): StepRecord[] {
  return steps.map(([step, outcome, name = 'book'], index) => ({
    playbook: name,
    step,
    outcome,
    time: '2026-11-22T04:15:00Z',
    by: 'jane@laptop',
    line: index + 2,
  }));
}

describe('playbookProgress', () => {
  for (const [what, steps, next, place] of [
    ['begins at the first step', [], 'a', 1],
    ['goes on after a step that was done', [['a', 'done']], 'b', 2],
    ['and after one that was skipped', [['a', 'skipped']], 'b', 2],
    [
      'comes again to one that failed',
      [
        ['a', 'done'],
        ['b', 'failed'],
      ],
      'b',
      2,
    ],
    ['and to one whose end nobody recorded', [['a', 'started']], 'a', 1],
    [
      'goes on from where it was taken up',
      [
        ['c', 'failed'],
        ['b', 'done'],
      ],
      'c',
      3,
    ],
    ['is over after the last', [['c', 'done']], undefined, 4],
    ['does not mind other playbooks', [['b', 'done', 'other']], 'a', 1],
    [
      'nor steps that the plan no longer has',
      [
        ['a', 'done'],
        ['gone', 'done'],
      ],
      'b',
      2,
    ],
  ] as const)
    it(what, () => {
      const progress = playbookProgress(playbook, records(...steps));
      expect([progress.next?.id, progress.place]).to.deep.equal([next, place]);
    });

  it('comes to the step that was asked for', () => {
    expect(playbookProgress(playbook, records(['b', 'done']), 'a')).to.deep.include({ place: 1 });
  });

  it('knows its newest record', () => {
    expect(playbookProgress(playbook, records(['a', 'done'], ['b', 'started'])).last).to.include({
      step: 'b',
      line: 3,
    });
  });
});
