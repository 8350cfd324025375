import { expect } from 'chai';
import { isLiteral, usageWords } from '../src/usage-words.ts';

describe('usageWords', () => {
  it('goes through the places of a line', () => {
    expect(usageWords('CASE KIND [flags]', [])).to.deep.equal(['CASE']);
    expect(usageWords('CASE KIND [flags]', ['x'])).to.deep.equal(['KIND']);
    expect(usageWords('CASE KIND [flags]', ['x', 'y'])).to.deep.equal([]);
    expect(usageWords('[KIND [ID]] [flags]', ['x'])).to.deep.equal(['ID']);
    expect(usageWords('[flags]', [])).to.deep.equal([]);
  });

  it('goes on with the alternative that was begun', () => {
    const usage = 'POD|TYPE/NAME --all-replicas|node NODE [flags]';
    expect(usageWords(usage, [])).to.deep.equal(['POD', 'TYPE/NAME', 'node']);
    expect(usageWords(usage, ['node'])).to.deep.equal(['NODE']);
    expect(usageWords(usage, ['web-0'])).to.deep.equal([]);
  });

  it('repeats what may be repeated, and ends at a flag', () => {
    expect(usageWords('NODE... [flags]', ['a', 'b'])).to.deep.equal(['NODE']);
    expect(usageWords('CASE [TYPE/NAME ...] [flags]', ['a', 'b', 'c'])).to.deep.equal(['TYPE/NAME']);
    expect(usageWords('CASE --to NAME [flags]', ['a'])).to.deep.equal([]);
    expect(usageWords('CASE [TEXT | --done N] [flags]', ['a'])).to.deep.equal(['TEXT']);
  });
});

describe('isLiteral', () => {
  it('is what is typed as it stands there', () => {
    expect(['node', 'POD', 'pod/NAME'].map(isLiteral)).to.deep.equal([true, false, false]);
  });
});
