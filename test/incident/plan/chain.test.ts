import { expect } from 'chai';
import { chainsFor, type IncidentKind, roundAt, roundsOf } from '../../../src/incident/plan/chain.ts';
import type { EscalationChain } from '../../../src/incident/plan/escalation.ts';
import { planOf } from './duty-lab.ts';

const steps = [{ notify: ['person/ann'], timeoutMinutes: 10 }];
const chain = (id: string, rest: Partial<EscalationChain> = {}): EscalationChain => ({ id, steps, ...rest });

const escalation = [
  chain('any'),
  chain('sev1', { severities: ['SEV1'] }),
  chain('sev1-storage', { severities: ['SEV1'], areas: ['storage'] }),
  chain('storage', { areas: ['storage'] }),
  chain('data', { when: { dataInvolved: true } }),
  chain('mistake', { when: { cause: 'human-error' } }),
  chain('ceo', { when: { cause: 'human-error', highProfile: true } }),
  chain('quiet', { when: { highProfile: false } }),
];

describe('chainsFor', () => {
  const known = { highProfile: false, dataInvolved: false };
  const cases: [string, Partial<IncidentKind>, string[]][] = [
    ['nothing is known', {}, ['quiet', 'any']],
    ['a severity is', { severity: 'SEV1' }, ['quiet', 'sev1']],
    ['an area is', { area: 'storage' }, ['quiet', 'storage']],
    ['both are', { severity: 'SEV1', area: 'storage' }, ['quiet', 'sev1-storage']],
    ['it is another severity', { severity: 'SEV2' }, ['quiet', 'any']],
    ['it was malice', { cause: 'malice', highProfile: true }, ['any']],
    [
      'it was human error that everybody sees, and data is involved',
      { severity: 'SEV1', cause: 'human-error', highProfile: true, dataInvolved: true },
      ['ceo', 'data', 'mistake', 'sev1'],
    ],
  ];
  for (const [name, incident, wanted] of cases)
    it(`takes every chain whose conditions are met, and one of the others, when ${name}`, () => {
      const chains = chainsFor(planOf({ escalation }), { ...known, ...incident });
      expect(chains.map(({ id }) => id)).to.deep.equal(wanted);
    });

  it('takes none when none is for the incident', () => {
    const plan = planOf({ escalation: escalation.slice(1, 4) });
    expect(chainsFor(plan, { ...known, severity: 'SEV2' })).to.deep.equal([]);
  });
});

describe('roundsOf', () => {
  const show = (list: readonly EscalationChain[], first: readonly string[]): string[] => {
    const plan = planOf({ escalation: list });
    const chains = first.map((id) => list.find((one) => one.id === id)).filter((one) => one !== undefined);
    return roundsOf(plan, chains).map(
      ({ number, atMinute, nextAtMinute, steps: parts }) =>
        `${number} +${atMinute} ${parts.map((part) => part.chain).join(',')} ${nextAtMinute ?? 'end'}`,
    );
  };
  const two = [
    { notify: ['person/ann'], timeoutMinutes: 10 },
    { notify: ['person/bob'], timeoutMinutes: 20, line: 'chat' },
  ];

  it('puts the steps of all chains on one clock, and goes on with the next chain', () => {
    const list = [
      chain('a', { steps: two, then: 'c' }),
      chain('b', { steps: [...two, ...two] }),
      chain('c', { steps: two }),
    ];
    expect(show(list, ['b', 'a'])).to.deep.equal([
      '1 +0 b,a 10',
      '2 +10 b,a 30',
      '3 +30 b,c 40',
      '4 +40 b,c end',
    ]);
  });

  it('comes to an end where chains go round, go to themselves or to nothing', () => {
    expect(show([chain('a', { then: 'b' }), chain('b', { then: 'a' })], ['a'])).to.have.length(2);
    expect(show([chain('a', { then: 'a' })], ['a'])).to.have.length(1);
    expect(show([chain('a', { then: 'none' })], ['a'])).to.have.length(1);
    expect(show([chain('a', { then: 'b' }), chain('b')], ['a', 'b'])).to.deep.equal(['1 +0 a,b end']);
    expect(show([], [])).to.deep.equal([]);
  });

  it('knows what is due', () => {
    const rounds = roundsOf(planOf(), planOf().escalation);
    const due = (minute: number): number | undefined => roundAt(rounds, minute)?.number;
    expect([due(0), due(9), due(10), due(10_000), due(-5)]).to.deep.equal([1, 1, 2, 2, 1]);
  });
});
