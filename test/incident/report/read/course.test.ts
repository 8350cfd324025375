import { expect } from 'chai';
import type { Course } from '../../../../src/incident/course.ts';
import { courseFacts } from '../../../../src/incident/report/read/course.ts';

describe('courseFacts', () => {
  it('has open tasks first, and the first hundred of each', () => {
    const tasks = Array.from({ length: 120 }, (_, i) => ({
      id: i + 1,
      text: 't',
      phase: 'open' as const,
      made: '',
      ...(i < 110 ? { done: { time: '', by: '' } } : {}),
    }));
    const course: Course = {
      facts: {},
      moves: [],
      tasks,
      entries: [],
      steps: [],
      moments: {},
      times: {},
      malformed: 0,
    };
    const facts = courseFacts(course, 'ir-1');
    expect([facts.openTasks, facts.tasks.total, facts.tasks.items.length]).to.deep.equal([10, 120, 100]);
    expect(facts.tasks.items[0]?.id).to.equal(111);
    expect(facts.entries.command).to.equal('kubectl ir case log ir-1');
  });
});
