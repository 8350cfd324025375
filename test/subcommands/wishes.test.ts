import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { wishesOf } from '../../src/subcommands/wishes.ts';

describe('wishesOf', () => {
  const flags = {
    ...{ skip: [], detach: false, cordon: false, freeze: false, 'even-if': undefined },
    ...{ 'cut-identity': undefined, 'probe-outside': undefined, 'collector-image': 'busybox:1' },
  };

  it('takes acts one by one and joined by commas', () => {
    expect(wishesOf({ ...flags, skip: ['cut,deny', 'detach'] })).to.deep.equal({
      skip: ['cut', 'deny', 'detach'],
      detach: false,
      cordon: false,
      freeze: false,
      plainImage: false,
    });
    expect(wishesOf({ ...flags, detach: true, cordon: true, 'collector-image': undefined })).to.deep.equal({
      skip: [],
      detach: true,
      cordon: true,
      freeze: false,
      plainImage: true,
    });
  });

  it('throws for an act that there is none of', () => {
    for (const skip of ['verify', '', 'cut,'])
      expect(() => wishesOf({ ...flags, skip: [skip] })).to.throw(UsageError, 'there is no');
  });

  it('takes an address outside, with or without a port, and never a name', () => {
    const outside = (text: string): unknown => wishesOf({ ...flags, 'probe-outside': text }).outside;
    expect(outside('198.51.100.7')).to.deep.equal({ address: '198.51.100.7', port: 443 });
    expect(outside('198.51.100.7:80')).to.deep.equal({ address: '198.51.100.7', port: 80 });
    expect(outside('2001:db8::7')).to.deep.equal({ address: '2001:db8::7', port: 443 });
    expect(outside('[2001:db8::7]:80')).to.deep.equal({ address: '2001:db8::7', port: 80 });
    for (const bad of ['example.org', '198.51.100.7:0', '198.51.100.7:70000', 'fe80::1%eth0', '', '$(id)'])
      expect(() => outside(bad), bad).to.throw(UsageError, 'IP address');
  });
});
