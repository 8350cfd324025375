import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { caseWord, oneLine } from '../../src/subcommands/case-word.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('case word', () => {
  it('is the one word, or that of the environment', () => {
    const io = memoryIo({ env: { KUBECTL_IR_CASE: '/a/case' } });
    expect([caseWord(io, 'case show', ['/b']), caseWord(io, 'case show', [])]).to.deep.equal([
      '/b',
      '/a/case',
    ]);
    for (const words of [['a', 'b'], ['']])
      expect(() => caseWord(io, 'case show', words)).to.throw(
        UsageError,
        'case show takes one case directory: kubectl ir case show CASE',
      );
    expect(() => caseWord(memoryIo(), 'case show', [])).to.throw(UsageError);
  });

  it('takes one line of text for a record', () => {
    expect(oneLine('--to', 'J. Döe')).to.equal('J. Döe');
    for (const text of ['', '  ', 'a\nPayload-Oxum: 1.1', 'a\u2028b', '\u001b[2J'])
      expect(() => oneLine('--to', text)).to.throw(UsageError, '--to needs one line of text');
  });
});
