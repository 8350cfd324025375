import { expect } from 'chai';
import fc from 'fast-check';
import { escapeForTerminal, isPlain } from '../../src/output/escape.ts';

describe('escapeForTerminal', () => {
  const cases: [string, string | Uint8Array, string][] = [
    ['plain text', '/usr/bin/curl -s', '/usr/bin/curl -s'],
    ['letters of other scripts', 'naïve 日本語 🙂', 'naïve 日本語 🙂'],
    ['a newline', 'a\nb', 'a\\x0ab'],
    ['an escape sequence', '\u001b[2Jx', '\\x1b[2Jx'],
    ['a C1 control', '\u009b31m', '\\xc2\\x9b31m'],
    ['a right-to-left override', 'gpj\u202eexe', 'gpj\\xe2\\x80\\xaeexe'],
    ['a zero-width space', 'a\u200bb', 'a\\xe2\\x80\\x8bb'],
    ['a line separator', 'a\u2028b', 'a\\xe2\\x80\\xa8b'],
    ['the backslash itself', 'a\\x41', 'a\\x5cx41'],
    ['a byte that is not UTF-8', Uint8Array.of(0x61, 0xff, 0x62), 'a\\xffb'],
    ['an overlong form', Uint8Array.of(0xc0, 0xaf), '\\xc0\\xaf'],
    ['a surrogate in UTF-8', Uint8Array.of(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    ['a sequence cut short', Uint8Array.of(0xe2, 0x82), '\\xe2\\x82'],
    ['a replacement character', '\ufffd', '\\xef\\xbf\\xbd'],
  ];
  for (const [name, input, wanted] of cases) {
    it(`writes ${name}`, () => expect(escapeForTerminal(input)).to.equal(wanted));
  }

  it('lets nothing through that is there and not seen', () => {
    for (const unseen of ['\u3164', '\u115f', '\uffa0', '\u2800', '\ufe0f', '\u034f', '\u200d'])
      expect(escapeForTerminal(`/tmp/x${unseen}`), unseen).to.match(/^\/tmp\/x(?:\\x[0-9a-f]{2}){2,4}$/);
  });
  it('never lets a control character through and can be undone', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = escapeForTerminal(bytes);
        expect(text).to.match(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
        expect(unescape(text)).to.deep.equal(Buffer.from(bytes));
      }),
    );
  });

  it('knows what needs no escaping', () => {
    expect(isPlain('/etc/passwd')).to.equal(true);
    expect(isPlain('/etc/pass\u0007wd')).to.equal(false);
    expect(isPlain(Uint8Array.of(0xff))).to.equal(false);
  });
});

function unescape(text: string): Buffer {
  const pieces = text.split(/(\\x[0-9a-f]{2})/);
  return Buffer.concat(
    pieces.map((piece, i) => (i % 2 === 1 ? Buffer.from(piece.slice(2), 'hex') : Buffer.from(piece, 'utf8'))),
  );
}
