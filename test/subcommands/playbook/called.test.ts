import { expect } from 'chai';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { UsageError } from '../../../src/output/errors.ts';
import {
  playbookCalled,
  playbookWord,
  stepCalled,
  stepWords,
} from '../../../src/subcommands/playbook/called.ts';
import { smallPlan } from '../../support/small-plan.ts';

describe('playbooks and steps by name', () => {
  const { plan } = readPlan(smallPlan, 'ir-plan.yaml');
  if (plan === undefined) throw new Error('no plan');

  it('are found, or the nearest is named', () => {
    const playbook = playbookCalled(plan, 'stolen-token');
    expect(stepCalled(playbook, 'cut')).to.include({ phase: 'resolution' });
    expect(() => playbookCalled(plan, 'stolen')).to.throw(
      UsageError,
      'there is no playbook "stolen"; nearest: stolen-token',
    );
    expect(() => stepCalled(playbook, 'zzz')).to.throw(
      UsageError,
      'there is no step of playbook "stolen-token" "zzz"; all',
    );
    expect(() => playbookCalled(plan, '__proto__')).to.throw(UsageError);
  });

  it('are one word', () => {
    expect(playbookWord('playbook show', ['x'])).to.equal('x');
    for (const words of [[], ['x', 'y']])
      expect(() => playbookWord('playbook show', words)).to.throw(UsageError);
  });

  it('say what they are, safe for the terminal', () => {
    const step = { id: 'x', phase: 'resolution' } as const;
    expect(stepWords({ ...step, run: 'isolate {{pod}}' })).to.equal('kubectl ir isolate {{pod}}');
    expect(stepWords({ ...step, check: 'so?\u001b[2J' })).to.equal('so?\\x1b[2J');
  });
});
