import type { Moment } from '../../incident/course.ts';
import type { IncidentStatus } from '../../incident/incident-status.ts';
import { formatAge } from '../../output/age.ts';

/** The state of an incident as rows of facts; what is not known has none. */
export function incidentFacts({
  phase,
  moments,
  times,
  doneTasks,
  openTasks,
  playbooks,
  ...said
}: IncidentStatus): [string, string][] {
  const { began, detected, contained, recovered } = moments;
  const rows: [string, string | undefined][] = [
    [
      'phase',
      phase === undefined
        ? undefined
        : `${phase.phase} since ${phase.time} by ${phase.by}${decided(phase.decidedBy)}`,
    ],
    ['severity', said.severity],
    ['area', said.area],
    ['reporter', said.reporter],
    ['seen', said.seen],
    ['began', began?.time],
    ['detected', detected === undefined ? undefined : moment(detected, times.detect, 'after it began')],
    ['contained', contained === undefined ? undefined : moment(contained, times.contain, 'after detection')],
    ['recovered', recovered === undefined ? undefined : moment(recovered, times.recover, 'after detection')],
    ['tasks', openTasks.length + doneTasks === 0 ? undefined : `${openTasks.length} open, ${doneTasks} done`],
    ...playbooks.map(({ playbook, step, outcome, by }): [string, string] => [
      'playbook',
      `${playbook}, ${step} ${outcome} by ${by}`,
    ]),
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function decided(by: string | undefined): string {
  return by === undefined ? '' : `, decided by ${by}`;
}

const shown: Readonly<Record<Moment['shown'], string>> = {
  said: 'as was said',
  opened: 'when the case was opened',
  isolation: 'first isolation that HOLDS',
  move: 'move to a later phase',
};

function moment({ time, line, shown: by }: Moment, seconds: number | undefined, after: string): string {
  const length = seconds === undefined ? '' : `, ${formatAge(seconds * 1000)} ${after}`;
  return `${time}${length} (${shown[by]}${line === undefined ? '' : `, line ${line}`})`;
}
