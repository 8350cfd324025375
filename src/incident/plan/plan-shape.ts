import {
  day,
  filled,
  id,
  localTime,
  reference,
  timeOfDay,
  timeZone,
  webAddress,
  type Form,
} from './forms.ts';
import { strategyPhases, teamRoles } from './plan.ts';
import { weekdays } from './rota.ts';
import type { FlagShape, ListShape, Member, NumberShape, ObjectShape, Shape, TextShape } from './shape.ts';

const levels = ['low', 'medium', 'high'];
const causes = ['human-error', 'malice'];
const yearOfMinutes = 366 * 24 * 60;

const flag: FlagShape = { kind: 'flag' };
const minutes: NumberShape = { kind: 'number', least: 1, most: yearOfMinutes };

const person = object({
  id: must('what the rest of the plan calls this person', text(id)),
  name: must('as people say it', text(filled)),
  timeZone: may('IANA name, where it is not that of the rota', text(timeZone)),
  reach: none(
    'ways to reach this person, best first; two at least, since one fails on the night',
    list(
      object({
        by: must('what kind of way', choice(['phone', 'sms', 'chat', 'email', 'pager', 'radio', 'other'])),
        at: must('number or address, in quotes', text(filled)),
      }),
    ),
  ),
});

const team = object({
  id: must('what the rest of the plan calls this team', text(id)),
  name: must('as people say it', text(filled)),
  role: may('its role in the strategy', choice(teamRoles)),
  lead: must('id of the person who leads it', text(id)),
  members: none('ids of people', list(text(id))),
});

const area = object({
  id: must('what the rest of the plan calls this area', text(id)),
  name: must(
    'field of expertise: storage, network, an application, the security desk of the provider',
    text(filled),
  ),
  primary: must('whom to call first: a reference, such as rota/infra or person/jane', text(reference)),
  deputies: none('whom to call then, in order: references', list(text(reference))),
  namespaces: may('namespaces of the cluster that belong to it', list(text(filled))),
  selector: may(
    'labels of the cluster that belong to it, such as app.kubernetes.io/part-of=shop',
    text(filled),
  ),
});

const layer = object(
  {
    people: must('ids of people, in the order of their turns', list(text(id), 1)),
    start: must('day of the first hand-over', text(day)),
    handover: must('time of day of each hand-over', text(timeOfDay)),
    turnDays: must('days of one turn', { kind: 'number', least: 1, most: 366 }),
    days: may('days of the week that the layer covers; all when missing', list(choice(weekdays), 1)),
    from: may('time of day from which it covers, on those days', text(timeOfDay)),
    to: may('time of day until which it covers; at or before `from` it is of the next day', text(timeOfDay)),
  },
  { together: ['from', 'to'] },
);

const rota = object(
  {
    id: must('what the rest of the plan calls this rota', text(id)),
    name: must('as people say it', text(filled)),
    timeZone: must('IANA name; all times of the rota are of it', text(timeZone)),
    layers: may('people in turns; a later layer goes before an earlier one', list(layer, 1)),
    calendar: may('an iCalendar file, relative to the plan', text(filled)),
    overrides: may(
      'one person instead of whoever it would be',
      list(
        object(
          {
            person: must('id of a person', text(id)),
            from: must('first minute', text(localTime)),
            to: must('minute at which it ends', text(localTime)),
          },
          {
            rule: ({ from, to }) =>
              String(from) < String(to)
                ? undefined
                : `it ends at ${String(to)}, not after it begins at ${String(from)}`,
          },
        ),
      ),
    ),
  },
  { anyOf: ['layers', 'calendar'] },
);

const severity = object({
  id: must('what the rest of the plan calls it, such as SEV1', text(id)),
  what: must('how to tell that an incident is of it', text(filled)),
  respondWithinMinutes: must('minutes within which somebody answers', minutes),
  updateEveryMinutes: may('minutes between messages to those who wait', minutes),
});

const line = object({
  id: must('what the rest of the plan calls this line', text(id)),
  use: must(
    'primary, or out-of-band: for when the primary one fails or is overheard',
    choice(['primary', 'out-of-band']),
  ),
  at: must('where: a channel, a number, a bridge', text(filled)),
  dependsOnCluster: must('true when it fails with the cluster that is under attack', flag),
});

const chain = object({
  id: must('what the rest of the plan calls this chain', text(id)),
  severities: may('ids of severities that it is for; all when missing', list(text(id), 1)),
  areas: may('ids of areas that it is for; all when missing', list(text(id), 1)),
  when: may(
    'what else must be so; all of it',
    object({
      cause: may('what brought it about', choice(causes)),
      highProfile: may('the public or an important customer would notice', flag),
      dataInvolved: may('data of customers or persons is involved', flag),
    }),
  ),
  steps: must(
    'whom to tell, one after the other',
    list(
      object({
        notify: must('references, all told at once', list(text(reference), 1)),
        timeoutMinutes: must('minutes without an answer after which the next step follows', minutes),
        line: may('id of the line of communication', text(id)),
      }),
      1,
    ),
  ),
  then: may('id of the chain that goes on where this one ends', text(id)),
});

const threat = object({
  id: must('what the rest of the plan calls it', text(id)),
  cause: must('human error or malice', choice(causes)),
  what: must('what would happen', text(filled)),
  signs: none('how it would show', list(text(filled))),
  assets: none('what it would hit', list(text(filled))),
  likelihood: must('how likely it is', choice(levels)),
  impact: must('how bad it would be', choice(levels)),
  severity: must('id of a severity', text(id)),
  detection: none('what would see it: an alert, a log, a rule of kubectl ir findings', list(text(filled))),
  playbook: may('id of a playbook', text(id)),
});

const playbook = object({
  id: must('what the rest of the plan calls it', text(id)),
  title: must('one line', text(filled)),
  steps: must('in order', {
    ...list(
      object(
        {
          id: must('no two steps of a playbook share it', text(id)),
          phase: must('phase of the strategy', choice(strategyPhases)),
          text: may('something that a person does', text(filled)),
          check: may('a question that must be answered with yes', text(filled)),
          run: may(
            'a command line after `kubectl ir`, with {{pod}}, {{namespace}}, {{node}}, {{case}}',
            text(filled),
          ),
          by: may('who does it: a reference; whoever runs the playbook when missing', text(reference)),
        },
        { oneOf: ['text', 'check', 'run'] },
      ),
      1,
    ),
    ids: true,
  }),
});

const decision = object({
  move: must('such as contain or close', text(filled)),
  by: must('who decides: references', list(text(reference), 1)),
  before: none('what must be so before, in words that a person confirms', list(text(filled))),
});

/** `ir-plan.yaml`. What is wrong in one entry of a list leaves the others readable: on the night half a plan is better than none. */
export const planShape: ObjectShape = object(
  {
    apiVersion: must('version of this format', choice(['kubectl-ir/v1'])),
    kind: must('what this file is', choice(['Plan'])),
    organisation: must('whose plan it is', text(filled)),
    review: {
      ...must(
        'when somebody last read it through, and after how many days that is too long ago',
        object({
          last: must('day of the last review', text(day)),
          everyDays: must('days until the next', { kind: 'number', least: 1, most: 3660 }),
        }),
      ),
      dispensable: true,
    },
    people: { ...none('everybody whom the plan may call', entries(person)), required: true },
    teams: none('teams and their roles', entries(team)),
    areas: none('fields of expertise and whom to call about each', entries(area)),
    rotas: none('who is on call when', entries(rota)),
    severities: none('how bad an incident is, and how fast somebody answers', entries(severity)),
    lines: none('lines of communication', entries(line)),
    escalation: none('whom to call when nobody answers or an incident grows', entries(chain)),
    threats: none('what may happen', entries(threat)),
    playbooks: none('what is done then, step by step', entries(playbook)),
    decisions: none('who decides on a move of an incident', { kind: 'list', of: decision, lenient: true }),
    webhook: may(
      'where `plan escalate --send` posts its message',
      object({
        url: must('address that takes a POST', text(webAddress)),
        template: may('text of the message; {{severity}} and the like are filled in', text(filled)),
      }),
    ),
  },
  { lenient: true },
);

function object(members: ObjectShape['members'], more: Partial<ObjectShape> = {}): ObjectShape {
  return { kind: 'object', members, ...more };
}

function list(of: Shape, least = 0): ListShape {
  return { kind: 'list', of, ...(least === 0 ? {} : { least }) };
}

function entries(of: Shape): ListShape {
  return { kind: 'list', of, ids: true, lenient: true };
}

function text(form: Form): TextShape {
  return { kind: 'text', form };
}

function choice(choices: readonly string[]): TextShape {
  return { kind: 'text', choices };
}

function must(about: string, shape: Shape): Member {
  return { about, shape, required: true };
}

/** A list that is empty when it is missing. */
function none(about: string, shape: ListShape): Member {
  return { about, shape, required: false, empty: true };
}

function may(about: string, shape: Shape): Member {
  return { about, shape, required: false };
}
