import { expect } from 'chai';
import { encodeRedactionRecord, parseRedaction } from '../../../src/evidence/redaction/redaction-record.ts';

describe('redaction record', () => {
  it('says what it was made from', () => {
    const text = encodeRedactionRecord({
      apiVersion: 'kubectl-ir/v1',
      kind: 'Redaction',
      profile: 'credentials',
      original: { name: 'ir-x', seal: 'a', custodyHead: 'b' },
      items: 1,
      placeholders: 2,
    });
    expect(parseRedaction(text)).to.deep.equal({ profile: 'credentials', seal: 'a' });
    for (const none of ['', '[]', '{"kind":"Redaction"}', '{"kind":"Case"}'])
      expect(parseRedaction(none)).to.equal(undefined);
  });
});
