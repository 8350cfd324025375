import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { caseAndWord, caseOrArchiveWord, caseWord, oneLine } from '../../src/subcommands/case-word.ts';
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

  it('is said to be an archive too where one is taken', () => {
    expect(caseOrArchiveWord(memoryIo(), 'findings', ['/b.tar'])).to.equal('/b.tar');
    expect(() => caseOrArchiveWord(memoryIo(), 'findings', [])).to.throw(
      UsageError,
      'findings takes one case directory, or an archive of one: kubectl ir findings CASE|ARCHIVE',
    );
  });

  it('stands before another word, and a case alone is told what is missing', () => {
    const io = memoryIo({ env: { KUBECTL_IR_CASE: '/a/case' } });
    const both = (where: typeof io, ...words: string[]): object =>
      caseAndWord(where, 'case move', 'PHASE', words);
    expect(both(io, 'contain')).to.deep.equal({ dir: '/a/case', word: 'contain' });
    expect(both(memoryIo(), '/b', 'contain')).to.deep.equal({ dir: '/b', word: 'contain' });
    for (const words of [[], ['/b'], ['/b', 'contain', 'x']])
      expect(() => both(memoryIo(), ...words)).to.throw(
        UsageError,
        /^case move takes a case directory and one PHASE, .*: kubectl ir case move CASE PHASE$/,
      );
  });

  it('takes one line of text for a record', () => {
    expect(oneLine('--to', 'J. Döe')).to.equal('J. Döe');
    for (const text of ['', '  ', 'a\nPayload-Oxum: 1.1', 'a\u2028b', '\u001b[2J'])
      expect(() => oneLine('--to', text)).to.throw(UsageError, '--to needs one line of text');
  });
});
