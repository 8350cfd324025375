import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { chainStart, checkLine, encodeCustodyLine } from '../../src/evidence/custody-line.ts';
import { anyText } from '../support/any-text.ts';

const line = {
  seq: 1,
  time: '2026-11-22T04:15:00.000Z',
  prev: chainStart.digest,
  actor: { api: 'jane', user: 'jane', host: 'laptop' },
  action: 'open',
  object: 'ir-x',
  result: 'done',
};

describe('custody line', () => {
  it('round-trips any act, and its digest is what sha256sum gives for its text', () => {
    fc.assert(
      fc.property(anyText(), anyText(), fc.jsonValue(), (object, result, fact) => {
        const details = JSON.parse(JSON.stringify({ fact })) as Record<string, unknown>;
        const text = encodeCustodyLine({ ...line, object, result, details });
        const checked = checkLine(chainStart, Buffer.from(text));
        if (typeof checked === 'string') throw new Error(checked);
        expect(checked.head.digest).to.equal(createHash('sha256').update(text).digest('hex'));
        expect(text).to.not.contain('\n');
        expect(checked.line.details).to.deep.equal(details);
      }),
      { numRuns: 50 },
    );
  });

  it('shows any changed byte', () => {
    const bytes = Buffer.from(encodeCustodyLine({ ...line, object: '\ufffd' }));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ bits, at);
        expect(checkLine(chainStart, changed)).to.be.a('string');
      }),
    );
  });

  for (const [changes, message] of [
    [{ seq: 2 }, 'has number 2, not 1'],
    [{ prev: 'f'.repeat(64) }, 'does not follow the line before it'],
    [{ action: 7 as unknown as string }, 'is no custody line'],
  ] as const)
    it(`with ${JSON.stringify(changes)} ${message}`, () =>
      expect(checkLine(chainStart, Buffer.from(encodeCustodyLine({ ...line, ...changes })))).to.equal(
        message,
      ));
});
