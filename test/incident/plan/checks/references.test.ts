import { expect } from 'chai';
import { checkText, exampleText, mutated } from '../plan-lab.ts';

/** Each place that names something, and a name of nothing in its stead. */
const places: readonly (readonly [from: string, to: string, place: string])[] = [
  ['lead: farid', 'lead: zz', 'teams.devops.lead'],
  ['members: [elin, dev]', 'members: [elin, zz]', 'teams.security.members.#2'],
  ['primary: rota/shop', 'primary: rota/zz', 'areas.shop.primary'],
  ['person/payment-desk]', 'person/zz]', 'areas.payments.deputies.#2'],
  ['severities: [SEV3]', 'severities: [SEV3, SEV9]', 'escalation.next-morning.severities.#2'],
  ['areas: [shop, payments]', 'areas: [shop, zz]', 'escalation.shop-down.areas.#2'],
  [
    '[team/compliance, team/legal]',
    '[team/compliance, team/zz]',
    'escalation.personal-data.steps.#1.notify.#2',
  ],
  [
    'timeoutMinutes: 60, line: bridge',
    'timeoutMinutes: 60, line: zz',
    'escalation.personal-data.steps.#2.line',
  ],
  ['id: next-morning', 'id: next-morning\n    then: zz', 'escalation.next-morning.then'],
  ['severity: SEV1', 'severity: SEV9', 'threats.container-escape.severity'],
  ['playbook: mistake', 'playbook: zz', 'threats.wrong-namespace.playbook'],
  ['by: team/people-team', 'by: team/zz', 'playbooks.mistake.steps.person.by'],
  ['by: [person/elin]', 'by: [person/zz]', 'decisions.#3.by.#1'],
];

describe('checkReferences', () => {
  for (const [from, to, place] of places)
    it(`follows ${place}`, () => {
      const [problem, ...more] = checkText(mutated(from, to));
      expect(more).to.deep.equal([]);
      expect(problem).to.include({ rule: 'unknown-id', severity: 'error' });
      expect(problem?.message).to.match(new RegExp(`^${place.replaceAll('.', '\\.')}: there is no `));
    });

  it('does not call unknown what is there and could not be read', () => {
    const broken = exampleText
      .replace("at: '@chiara'", 'at: 3')
      .replace('turnDays: 7 }\n    overrides', 'turnDays: 0 }\n    overrides');
    expect(checkText(broken).map(({ rule }) => rule)).to.deep.equal(['type', 'type']);
  });
});

describe('checkDecisions', () => {
  it('knows the moves of an incident', () => {
    const [problem] = checkText(mutated('move: contain', 'move: containment'));
    expect(problem?.message).to.match(
      /^decisions\.#1\.move: "containment" is no move of an incident; they are open, identify/,
    );
  });
});
