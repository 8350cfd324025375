import { escapeUnprintable } from '../../output/printer.ts';
import { planFileName } from './plan-file.ts';

/** What a first draft is made from. What is not known stays `FILL IN` in it, which `plan check` asks for. */
export interface DraftFacts {
  readonly organisation?: string;
  /** Who answers first, and who does when that one does not. */
  readonly first?: DraftPerson;
  readonly deputy?: DraftPerson;
  /** IANA name of the zone of the rota. */
  readonly timeZone: string;
  /** `2026-11-22`: the day of the draft. */
  readonly today: string;
  readonly areas: readonly DraftArea[];
}

export interface DraftPerson {
  readonly name: string;
  readonly phone?: string;
  readonly chat?: string;
}

/** An area as the cluster's own labels tell it, or as somebody named it. */
export interface DraftArea {
  readonly id: string;
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly selector?: string;
  /** What labels or annotations say of its owner. */
  readonly owner?: string;
}

/** Name of the file beside the plan that editors complete and check it by. */
export const schemaFileName = 'ir-plan.schema.json';

/**
 * The text of a first plan: whole enough that `plan check` finds no error in it, with a comment at everything that people have
 * to fill in. Whatever facts say stands in it as quoted text.
 */
export function draftPlan(facts: DraftFacts): string {
  const { organisation = 'FILL IN: name of the organisation', today, timeZone } = facts;
  return `# yaml-language-server: $schema=${schemaFileName}
#
# Incident response plan: threats, people, who is called when, and what is done then. A first draft of ${today}:
# fill in what says FILL IN, then run: kubectl ir plan check ${planFileName}
# Keep it in git, and a copy of it where you can read it when the cluster and the chat are gone.
apiVersion: kubectl-ir/v1
kind: Plan
organisation: ${quoted(organisation)}

# Read it through with everybody in it, call every number, then set the day.
review: { last: ${today}, everyDays: 90 }

# Ways to reach somebody, best first: two at least that do not fail together.
people:
${person('first', facts.first, 'FILL IN: who answers first')}
${person('deputy', facts.deputy, 'FILL IN: who answers when the first one does not')}

# One id, one name, one lead. Roles: devops, software-development, core-infrastructure, security, customer-support,
# communications, legal, compliance, human-resources, management.
teams:
  - { id: responders, name: Responders, lead: first, members: [first, deputy] }
${teamsOf(facts.areas)
  .map(
    ({ id, owner }) =>
      `  - { id: ${id}, name: ${quoted(`FILL IN: people of ${owner}`)}, lead: first, members: [] }\n`,
  )
  .join('')}
# Whom to call about what; never one person for all. primary and deputies are references: rota/ID, person/ID, team/ID.
areas:
${facts.areas.map(area).join('\n')}

# Who is on call when. Add people to the list; exceptions go under overrides:
#   overrides: [{ person: deputy, from: 2026-12-24T18:00, to: 2026-12-27T09:00 }]
rotas:
  - id: on-call
    name: On call
    timeZone: ${timeZone}
    layers:
      - { people: [first, deputy], start: ${today}, handover: '00:00', turnDays: 7 }

severities:
  - id: SEV1
    what: Data or money of customers is at risk, or somebody else has a node or the cluster
    respondWithinMinutes: 15
    updateEveryMinutes: 30
  - id: SEV2
    what: One service is down or in somebody else's hands
    respondWithinMinutes: 30
    updateEveryMinutes: 60
  - id: SEV3
    what: Something is wrong that no customer notices and that does not grow
    respondWithinMinutes: 480

# Where to talk; the second for when the first fails or is overheard.
lines:
  - { id: chat, use: primary, at: 'FILL IN: channel', dependsOnCluster: false }
  - { id: phone, use: out-of-band, at: 'FILL IN: number of a telephone bridge', dependsOnCluster: false }

# Who is told next when nobody has answered.
escalation:
  - id: everything
    steps:
      - { notify: [rota/on-call], timeoutMinutes: 10, line: chat }
      - { notify: [team/responders], timeoutMinutes: 15, line: phone }

# What may happen, by mistake or on purpose. Add your own; detection says what would see it.
threats:
  - id: pod-taken
    cause: malice
    what: Somebody runs commands in a pod through a hole in an application
    signs: [a shell as child of a server, files that the image lacks, connections to unknown addresses]
    assets: ['FILL IN: what could be reached from there']
    likelihood: medium
    impact: high
    severity: SEV2
    detection: ['FILL IN: an alert or a log', kubectl ir findings]
    playbook: pod-taken
  - id: mistake
    cause: human-error
    what: Somebody deletes or changes in production what was meant for elsewhere
    signs: [pods gone without a release, complaints before any alert]
    assets: ['FILL IN: what that would hit']
    likelihood: high
    impact: medium
    severity: SEV2
    detection: ['FILL IN: an alert', audit log of the API]
    playbook: mistake

# Steps: text (somebody does it), check (a question to be answered with yes) or run (a command of kubectl ir).
playbooks:
  - id: pod-taken
    title: Somebody else runs code in a pod
    steps:
      - { id: respond, phase: identification, run: 'respond pod/{{pod}} -n {{namespace}} --case {{case}}' }
      - { id: judge, phase: identification, run: 'findings {{case}}' }
      - { id: tell, phase: coordination, text: 'Say on the line what is known, what is done, when the next message comes' }
      - { id: rotate, phase: resolution, text: Rotate everything that the pod could read }
      - { id: fix, phase: resolution, text: Close the hole and release the mended image by its digest }
      - { id: seal, phase: resolution, run: 'archive {{case}}' }
      - { id: learn, phase: improvement, text: Write down what let it in and what would have stopped it }
  - id: mistake
    title: One of us broke production
    steps:
      - { id: stop, phase: identification, check: Has everybody stopped deploying? }
      - { id: tell, phase: coordination, text: Tell those who wait for the service that you know }
      - { id: back, phase: resolution, text: Roll back; restore from the last backup that was tried }
      - { id: learn, phase: improvement, text: 'Make the same command fail next time; no blame' }

# Who decides on a move of an incident, and what must be so before.
decisions:
  - { move: recover, by: [team/responders], before: [the hole is closed, what could be read was rotated] }
  - { move: close, by: [team/responders], before: [the case is sealed] }
`;
}

function person(id: string, known: DraftPerson | undefined, name: string): string {
  const reach = [
    { by: 'phone', at: known?.phone ?? 'FILL IN: number' },
    { by: 'chat', at: known?.chat ?? 'FILL IN: another way' },
  ];
  return [
    `  - id: ${id}`,
    `    name: ${quoted(known?.name ?? name)}`,
    '    reach:',
    ...reach.map(({ by, at }) => `      - { by: ${by}, at: ${quoted(at)} }`),
  ].join('\n');
}

function area({ id, name, namespaces, selector, owner }: DraftArea): string {
  return [
    `  - id: ${id}`,
    `    name: ${quoted(name)}`,
    `    primary: ${owner === undefined ? 'rota/on-call' : `team/${teamId(owner)}`}`,
    '    deputies: [person/first, person/deputy]',
    ...(namespaces.length === 0 ? [] : [`    namespaces: [${namespaces.map(quoted).join(', ')}]`]),
    ...(selector === undefined ? [] : [`    selector: ${quoted(selector)}`]),
  ].join('\n');
}

/** Owners that the cluster names, each a team of its own. */
function teamsOf(areas: readonly DraftArea[]): { id: string; owner: string }[] {
  const owners = new Map(
    areas.flatMap(({ owner }) => (owner === undefined ? [] : [[teamId(owner), owner] as const])),
  );
  return Array.from(owners, ([id, owner]) => ({ id, owner }));
}

function teamId(owner: string): string {
  return `owner-${idOf(owner)}`;
}

/** A text as an id of the plan: what is neither letter nor digit becomes a dash. */
export function idOf(text: string): string {
  const id = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replaceAll(/^-+|-+$/g, '');
  return id === '' ? 'unnamed' : id;
}

/** YAML takes JSON's quoted text; characters that no editor shows are written as escapes. */
function quoted(text: string): string {
  return escapeUnprintable(JSON.stringify(text));
}
