import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { wishesOf } from '../../src/subcommands/wishes.ts';

describe('wishesOf', () => {
  const flags = { skip: [], detach: false, 'even-if': undefined };

  it('takes acts one by one and joined by commas', () => {
    expect(wishesOf({ ...flags, skip: ['cut,deny', 'detach'] })).to.deep.equal({
      skip: ['cut', 'deny', 'detach'],
      detach: false,
    });
    expect(wishesOf({ ...flags, detach: true })).to.deep.equal({ skip: [], detach: true });
  });

  it('throws for an act that there is none of', () => {
    for (const skip of ['verify', '', 'cut,'])
      expect(() => wishesOf({ ...flags, skip: [skip] })).to.throw(UsageError, 'there is no');
  });
});
