import { expect } from 'chai';
import { checkText, mutated } from '../plan-lab.ts';

describe('checkEscalation', () => {
  it('tells of a circle once, also where a chain leads into it', () => {
    const text = mutated('  - id: leadership\n', '  - id: leadership\n    then: platform-down\n');
    expect(checkText(text).map(({ message }) => message)).to.deep.equal([
      'escalation.platform-down.then: goes round and never ends: platform-down -> leadership -> platform-down',
    ]);
    const own = mutated('  - id: leadership\n', '  - id: leadership\n    then: leadership\n');
    expect(checkText(own).map(({ message }) => message)).to.deep.equal([
      'escalation.leadership.then: goes round and never ends: leadership -> leadership',
    ]);
  });

  it('does not judge what severities lack where a chain could not be read', () => {
    const text = mutated('  - id: next-morning\n', '  - id: next-morning\n    when: 3\n');
    expect(checkText(text).map(({ rule }) => rule)).to.deep.equal(['type']);
  });

  it('asks no chain to be faster than the severities that are begun with it', () => {
    const everything =
      '  - id: everything\n    steps:\n      - { notify: [team/devops, team/security], timeoutMinutes: 100 }\n';
    const text = mutated('  - id: next-morning\n', `${everything}  - id: next-morning\n`);
    expect(checkText(text)).to.deep.equal([]);
    const begun = text
      .replace('severities: [SEV1]\n', 'severities: [SEV3]\n')
      .replace('severities: [SEV1, SEV2]\n', 'severities: [SEV2]\n');
    expect(checkText(begun).map(({ message }) => message)).to.deep.equal([
      'escalation.everything.steps.#1.timeoutMinutes: its first step waits 100 minutes, and SEV1 has to be answered within 15',
    ]);
  });

  it('takes a rota of one for the one', () => {
    const text = mutated('people: [elin, dev]', 'people: [elin]').replace(
      'notify: [rota/infrastructure, rota/security], timeoutMinutes: 10',
      'notify: [rota/security], timeoutMinutes: 10',
    );
    const alone = text.replace(
      /notify: \[team\/security, person\/amara\](.*\n) {4}then: leadership/,
      'notify: [person/elin]$1',
    );
    expect(checkText(alone).map(({ message }) => message)).to.include(
      'escalation.urgent: ends with rota/security and person/elin: when nobody answers, nobody else is called',
    );
  });
});
