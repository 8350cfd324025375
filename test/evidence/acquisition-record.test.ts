import { expect } from 'chai';
import { encodeAcquisitionRecord, parseAcquisitionRecord } from '../../src/evidence/acquisition-record.ts';
import { firstRecord } from '../../src/evidence/acquisition-start.ts';

const actor = { api: 'jane', user: 'jane', host: 'laptop' };

describe('acquisition record', () => {
  const record = firstRecord({ kind: 'node', target: 'node-a' }, new Date(0), actor);

  it('is read as it was written', () =>
    expect(parseAcquisitionRecord(encodeAcquisitionRecord(record))).to.deep.equal(record));

  it('is refused with a tar elsewhere, or when it is something else', () => {
    for (const name of ['../x.tar', '/x.tar', 'a/b.tar', '.tar', '-x.tar', 'x', 7])
      expect(parseAcquisitionRecord(JSON.stringify({ ...record, tar: { name } }))).to.equal(undefined);
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      JSON.stringify({ ...record, kind: 'Case' }),
      JSON.stringify({ ...record, gaps: 1 }),
    ])
      expect(parseAcquisitionRecord(text)).to.equal(undefined);
  });
});
