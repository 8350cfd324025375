import { expect } from 'chai';
import fc from 'fast-check';
import { escapedText, messageText, named } from '../../src/incident/event.ts';

describe('texts of events', () => {
  it('are one printable line, never longer than a field may be', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6000 }), (bytes) => {
        const text = messageText(Buffer.from(bytes));
        expect(text).to.match(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
        expect(Buffer.byteLength(text)).to.be.below(32_766);
      }),
    );
  });

  it('are cut with their length', () => {
    expect(messageText(Buffer.alloc(5000, 'x'))).to.match(/^x{4096}\.\.\. \(5000 bytes\)$/);
  });

  it('are not escaped twice', () => {
    expect([escapedText('/a\\x0ab\u001b'), messageText('\\')]).to.deep.equal(['/a\\x0ab\\x1b', '\\x5c']);
  });

  it('are left out when empty', () => {
    expect([named('user', ''), named('user', undefined), named('user', Buffer.from('jo'))]).to.deep.equal([
      {},
      {},
      { user: 'jo' },
    ]);
  });
});
