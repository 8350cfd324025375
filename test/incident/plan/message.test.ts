import { expect } from 'chai';
import {
  type MessageFacts,
  messagePlaceholders,
  messageText,
  unknownPlaceholders,
} from '../../../src/incident/plan/message.ts';
import { planOf } from './duty-lab.ts';

const plan = planOf();
const facts: MessageFacts = {
  incident: {
    severity: 'SEV1',
    area: 'storage',
    cause: 'human-error',
    highProfile: true,
    dataInvolved: true,
  },
  since: '2026-11-25T04:15:00Z',
  step: 2,
  who: ['Ann Lee', 'Bob Ray'],
  lines: plan.lines,
  next: { at: '2026-11-25T04:35:00Z', who: ['Cho Kim'] },
  caseName: 'ir-1',
};
const little: MessageFacts = {
  incident: { highProfile: false, dataInvolved: false },
  since: facts.since,
  step: 1,
  who: [],
  lines: [],
};

describe('messageText', () => {
  it('says in the usual words what is known, and nothing of what is not', () => {
    expect(messageText(plan, facts)).to.equal(
      [
        'Kestrel: SEV1 incident, Volumes',
        'What: All is lost',
        'Known: human error, high profile, data of customers or persons involved',
        'Since: 2026-11-25 04:15 UTC',
        'Called now: Ann Lee, Bob Ray',
        'Answer on: #incident, +1 2',
        'Without an answer: 2026-11-25 04:35 UTC: Cho Kim',
        'Case: ir-1',
      ].join('\n'),
    );
    expect(messageText(plan, little)).to.equal('Kestrel: incident\nSince: 2026-11-25 04:15 UTC');
  });

  it('fills a template in, with a dash for what is not known', () => {
    const template = messagePlaceholders.map((name) => `{{${name}}}`).join('|');
    expect(messageText(plan, facts, template)).to.equal(
      'Kestrel|SEV1|All is lost|Volumes|human error|human error, high profile, data of customers or persons involved|' +
        '2026-11-25 04:15 UTC|2|Ann Lee, Bob Ray|#incident, +1 2|2026-11-25 04:35 UTC: Cho Kim|ir-1',
    );
    expect(messageText(plan, little, '{{ severity }} {{case}} $& {{constructor}} {{x')).to.equal(
      '- - $& {{constructor}} {{x',
    );
  });

  it('fills in a text only once, whatever it says', () => {
    const sly = planOf({ organisation: '{{case}} $1 $&' });
    expect(messageText(sly, facts, '{{organisation}}')).to.equal('{{case}} $1 $&');
  });

  it('tells what a template has that nothing is filled in for', () => {
    expect(unknownPlaceholders('{{severity}} {{pod}} {{ case }} {{toString}}')).to.deep.equal([
      'pod',
      'toString',
    ]);
  });
});
