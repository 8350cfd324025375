import { expect } from 'chai';
import {
  caseFormat,
  encodeCaseRecord,
  parseCaseRecord,
  type CaseRecord,
} from '../../src/evidence/case-record.ts';

const record: CaseRecord = {
  apiVersion: 'kubectl-ir/v1',
  kind: 'Case',
  format: caseFormat,
  name: 'ir-20261122T041500Z-x',
  target: 'x',
  created: '2026-11-22T04:15:00.000Z',
};

describe('case record', () => {
  it('is read as it was written', () =>
    expect(parseCaseRecord(encodeCaseRecord(record), 'p')).to.deep.equal(record));

  for (const [what, text, message] of [
    ['no JSON', '{', 'p is no case record'],
    ['something else', '[]', 'p is no case record'],
    [
      'more than a record',
      encodeCaseRecord({ ...record, target: 'x'.repeat(2 ** 20) }),
      'p is no case record',
    ],
    [
      'a newer layout',
      JSON.stringify({ ...record, format: 9 }),
      /newer kubectl ir \(format 9, known here: 1\)/,
    ],
    ['another API version', JSON.stringify({ ...record, apiVersion: 'kubectl-ir/v2' }), /newer kubectl ir/],
    ['a name that leads elsewhere', JSON.stringify({ ...record, name: '../x' }), 'p is damaged'],
    ['no target', JSON.stringify({ ...record, target: 1 }), 'p is damaged'],
  ] as const)
    it(`with ${what} is refused`, () => expect(() => parseCaseRecord(text, 'p')).to.throw(message));
});
