import { expect } from 'chai';
import { moveAct } from '../../src/incident/course-acts.ts';
import { courseOf } from '../../src/incident/course-of.ts';
import { type IncidentPhase, incidentPhases } from '../../src/incident/course.ts';
import { phaseStep } from '../../src/incident/phase-step.ts';
import { custodyLines, opening } from './custody-lines.ts';

function after(...phases: readonly IncidentPhase[]): ReturnType<typeof courseOf> {
  return courseOf(custodyLines(opening, ...phases.map((phase) => moveAct({ phase }))));
}

describe('phaseStep', () => {
  for (const [been, phase, skipped, back] of [
    [[], 'identify', [], false],
    [[], 'contain', [], false],
    [[], 'coordinate', ['identify'], false],
    [['contain'], 'coordinate', [], false],
    [['contain'], 'identify', [], false],
    [['contain', 'coordinate'], 'eradicate', ['identify'], false],
    [['contain'], 'close', ['identify', 'coordinate', 'eradicate', 'recover'], false],
    [['contain', 'eradicate', 'identify'], 'recover', ['coordinate'], false],
    [['contain', 'eradicate'], 'contain', [], true],
    [['contain', 'eradicate'], 'open', [], true],
    [['contain', 'eradicate', 'contain'], 'eradicate', [], false],
  ] as const)
    it(`from ${been.join(', ') || 'open'} to ${phase} ${back ? 'goes back' : `skips ${skipped.join(', ') || 'nothing'}`}`, () => {
      expect(phaseStep(after(...been), phase)).to.deep.equal({ from: been.at(-1) ?? 'open', skipped, back });
    });

  it('through all phases in their order skips nothing and never goes back', () => {
    incidentPhases.slice(1).forEach((phase, index) => {
      const step = phaseStep(after(...incidentPhases.slice(1, index + 1)), phase);
      expect(step).to.include({ back: false }).and.to.have.deep.property('skipped', []);
    });
  });

  it('does not ask twice for what was left out on purpose', () => {
    const meant = moveAct({ phase: 'eradicate', skipped: ['identify', 'coordinate', 'contain'] });
    expect(phaseStep(courseOf(custodyLines(opening, meant)), 'recover')?.skipped).to.deep.equal([]);
  });

  it('is no step into the phase that it is in', () => {
    expect(phaseStep(after('contain'), 'contain')).to.equal(undefined);
    expect(phaseStep({ moves: [] }, 'open')).to.equal(undefined);
  });
});
