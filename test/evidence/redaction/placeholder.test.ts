import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';

const key = Buffer.alloc(32, 7);

describe('Placeholders', () => {
  it('are the keyed hash of the value: equal for equal values, whole or in pieces', () => {
    const placeholders = new Placeholders(key);
    const hash = createHmac('sha256', key).update('hunter2').digest('hex').slice(0, 16);
    expect(placeholders.of(Buffer.from('hunter2'))).to.equal(`[redacted:${hash}]`);
    const pieces = placeholders.begin();
    pieces.update('hun').update('ter2');
    expect(placeholders.end(pieces)).to.equal(`[redacted:${hash}]`);
    expect(placeholders.of(Buffer.from('hunter3'))).to.not.equal(`[redacted:${hash}]`);
    expect(placeholders.count).to.equal(3);
  });

  it('tell nothing without the key', () => {
    const other = new Placeholders(Buffer.alloc(32, 8));
    expect(other.of(Buffer.from('x'))).to.not.equal(new Placeholders(key).of(Buffer.from('x')));
  });
});
