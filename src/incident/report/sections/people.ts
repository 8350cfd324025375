import { type Block, facts, note, paragraph, type Section, table } from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { Report } from '../report.ts';
import { code, timeText } from '../words.ts';

/** Who said what to whom, and what was decided. */
export function peopleSection({ course }: Report): Section {
  const { facts: told, entries, tasks, steps } = course;
  const blocks: Block[] = [
    facts([
      ['Severity', told.severity ?? 'not said'],
      ['Area', told.area ?? 'not said'],
      ['Reported by', told.reporter ?? 'not said'],
      ['Seen', told.seen ?? 'not said'],
    ]),
  ];
  if (entries.items.length === 0)
    blocks.push(paragraph('No decision, message, hand-over or remark is on record.'));
  else
    blocks.push(
      table(
        'Decisions, messages, hand-overs and remarks',
        ['Time', 'Kind', 'By', 'Decided by', 'Text'],
        entries.items.map(({ time, kind, by, decidedBy, text }) => [
          timeText(time),
          kind,
          by,
          decidedBy ?? '-',
          text,
        ]),
      ),
    );
  if (tasks.items.length > 0)
    blocks.push(
      table(
        'Tasks, those that are open first',
        ['Task', 'What', 'Owner', 'Due', 'State'],
        tasks.items.map(({ id, text, owner, due, done }) => [
          `${id}`,
          text,
          owner ?? 'nobody yet',
          due === undefined ? '-' : timeText(due),
          done === undefined ? 'open' : `done ${timeText(done.time)} by ${done.by}`,
        ]),
      ),
    );
  if (steps.items.length > 0)
    blocks.push(
      table(
        'Steps of playbooks',
        ['Time', 'Playbook', 'Step', 'Outcome', 'By', 'Remark'],
        steps.items.map(({ time, playbook, step, outcome, by, remark }) => [
          timeText(time),
          code(playbook),
          step,
          outcome,
          by,
          remark ?? '-',
        ]),
      ),
    );
  for (const rest of [restOf(entries, 'entries'), restOf(tasks, 'tasks'), restOf(steps, 'steps')])
    if (rest !== undefined) blocks.push(note(rest));
  return { id: 'people', title: 'People, decisions and tasks', blocks };
}
