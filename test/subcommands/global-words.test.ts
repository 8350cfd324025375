import { expect } from 'chai';
import { parseLine } from '../../src/parse.ts';
import { globalFlags } from '../../src/subcommands/global-flags.ts';
import { globalWords } from '../../src/subcommands/global-words.ts';

describe('globalWords', () => {
  it('mean what the flags meant', async () => {
    const typed = [
      '--context=a b',
      '-n',
      '--yes',
      '--as-group=x',
      '--as-group',
      'y',
      '--insecure-skip-tls-verify',
      '-v=6',
    ];
    const { values } = await parseLine(typed, globalFlags);
    const again = await parseLine(globalWords(values), globalFlags);
    expect(again.values).to.deep.equal(values);
    expect(again.values).to.deep.include({
      context: 'a b',
      namespace: '--yes',
      'as-group': ['x', 'y'],
      v: 6,
    });
  });

  it('are none when no flag was given', () => expect(globalWords({})).to.deep.equal([]));
});
