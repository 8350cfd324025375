import { expect } from 'chai';
import fc from 'fast-check';
import { escapeForTerminal } from '../../src/output/escape.ts';
import { terminalLine } from '../../src/output/line.ts';
import { anyText } from '../support/any-text.ts';

describe('terminalLine', () => {
  it('keeps what is printable, a backslash too', () => {
    expect(terminalLine('C:\\x é 日本')).to.equal('C:\\x é 日本');
  });

  it('escapes what steers a terminal', () => {
    expect(terminalLine('a\x1b[31mb\nc\u202ed\u009b')).to.equal(
      'a\\x1b[31mb\\x0ac\\xe2\\x80\\xaed\\xc2\\x9b',
    );
  });

  it('leaves text that was escaped before as it is', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const escaped = escapeForTerminal(text);
        return terminalLine(escaped) === escaped && terminalLine(terminalLine(text)) === terminalLine(text);
      }),
    );
  });
});
