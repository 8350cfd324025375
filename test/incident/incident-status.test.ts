import { expect } from 'chai';
import type { Act } from '../../src/evidence/custody-line.ts';
import { factsAct, moveAct, stepAct, taskAct, taskDoneAct } from '../../src/incident/course-acts.ts';
import { courseOf } from '../../src/incident/course-of.ts';
import { incidentStatus } from '../../src/incident/incident-status.ts';
import { custodyLines, opening } from './custody-lines.ts';

describe('incidentStatus', () => {
  it('has the newest phase, what was said, and the tasks that are open', () => {
    const course = courseOf(
      custodyLines(
        opening,
        factsAct('ir-x', { severity: 'sev1' }),
        moveAct({ phase: 'identify' }),
        taskAct({ id: 1, text: 'a' }),
        taskAct({ id: 2, text: 'b' }),
        taskDoneAct(1),
      ),
    );
    const { phase, severity, openTasks, doneTasks, malformed } = incidentStatus(course);
    expect([phase?.phase, severity, openTasks.map(({ id }) => id), doneTasks, malformed]).to.deep.equal([
      'identify',
      'sev1',
      [2],
      1,
      0,
    ]);
  });

  it('has the newest step of each playbook', () => {
    const step = (playbook: string, name: string): Act => stepAct({ playbook, step: name, outcome: 'done' });
    const { playbooks } = incidentStatus(
      courseOf(custodyLines(opening, step('a', '1'), step('b', '1'), step('a', '2'))),
    );
    expect(playbooks.map(({ playbook, step: name, line }) => [playbook, name, line])).to.deep.equal([
      ['a', '2', 4],
      ['b', '1', 3],
    ]);
  });

  it('has no phase before the first line', () => {
    expect(incidentStatus(courseOf([]))).to.not.have.property('phase');
  });
});
