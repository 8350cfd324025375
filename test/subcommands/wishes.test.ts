import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { wishesOf } from '../../src/subcommands/wishes.ts';

describe('wishesOf', () => {
  it('takes acts one by one and joined by commas', () => {
    expect(wishesOf({ skip: ['cut,deny', 'detach'] })).to.deep.equal({ skip: ['cut', 'deny', 'detach'] });
    expect(wishesOf({ skip: [] })).to.deep.equal({ skip: [] });
  });

  it('throws for an act that there is none of', () => {
    for (const skip of ['verify', '', 'cut,'])
      expect(() => wishesOf({ skip: [skip] })).to.throw(UsageError, 'there is no');
  });
});
