import { expect } from 'chai';
import { quotedWord, shellWord } from '../../src/output/shell-word.ts';

describe('shellWord', () => {
  it('leaves plain words, quotes others, and refuses what can not be pasted', () => {
    expect(['a-b.c/d:1', 'a b', "it's", '-x', '~', '', '$x'].map(shellWord)).to.deep.equal([
      ...['a-b.c/d:1', "'a b'", "'it'\\''s'", "'-x'", "'~'", "''", "'$x'"],
    ]);
    expect(['a\n', '\u001b', 'ä', '\u202e'].map(shellWord)).to.deep.equal(Array(4).fill(undefined));
  });
});

describe('quotedWord', () => {
  it('is the same, and quotes the rest too', () => {
    expect(['a-b.c/d:1', "it's", '~', 'ä b'].map(quotedWord)).to.deep.equal([
      ...['a-b.c/d:1', "'it'\\''s'", "'~'", "'ä b'"],
    ]);
  });
});
