import { expect } from 'chai';
import {
  day,
  filled,
  type Form,
  id,
  isOf,
  localTime,
  reference,
  timeOfDay,
  timeZone,
  webAddress,
} from '../../../src/incident/plan/forms.ts';

const examples: readonly (readonly [Form, readonly string[], readonly string[]])[] = [
  [filled, ['x', ' x\ny'], ['', ' \n']],
  [id, ['a', 'SEV1', 'core-network'], ['', '-a', 'a b', 'a/b', 'é', '\u202ea', 'a'.repeat(64)]],
  [
    reference,
    ['person/jane', 'rota/on-call'],
    ['jane', 'person/', 'people/jane', 'person/a/b', 'person/a b'],
  ],
  [
    day,
    ['2028-02-29', '2026-12-31'],
    ['2026-02-29', '2026-13-01', '2026-1-1', '2026-01-00', '26-01-01', '2026-01-01T00:00'],
  ],
  [timeOfDay, ['00:00', '23:59'], ['24:00', '9:00', '09:60', '09:00:00']],
  [
    localTime,
    ['2028-02-29T00:00'],
    ['2026-02-29T00:00', '2026-01-01T24:00', '2026-01-01T00:00Z', '2026-01-01 00:00'],
  ],
  [
    timeZone,
    ['Europe/Vienna', 'UTC', 'America/Argentina/Ushuaia'],
    ['+02:00', 'Europe/Nowhere', 'europe vienna', ''],
  ],
  [webAddress, ['https://chat.example/hook?x=1'], ['chat.example', 'ftp://x', 'https://', 'https://[']],
];

describe('forms', () => {
  for (const [form, right, wrong] of examples)
    it(`tell ${form.name} from what is none`, () => {
      expect(right.filter((text) => !isOf(form, text))).to.deep.equal([]);
      expect(wrong.filter((text) => isOf(form, text))).to.deep.equal([]);
    });

  it('list zones, from which the nearest is named', () => {
    expect(timeZone.known?.()).to.include('Europe/Vienna');
  });
});
