import { expect } from 'chai';
import { shellWord } from '../../src/output/shell-word.ts';

describe('shellWord', () => {
  it('leaves plain words, quotes others, and refuses what can not be pasted', () => {
    expect(['a-b.c/d:1', 'a b', "it's", '-x', '~', '', '$x'].map(shellWord)).to.deep.equal([
      ...['a-b.c/d:1', "'a b'", "'it'\\''s'", "'-x'", "'~'", "''", "'$x'"],
    ]);
    expect(['a\n', '\u001b', 'ä', '\u202e'].map(shellWord)).to.deep.equal(Array(4).fill(undefined));
  });
});
