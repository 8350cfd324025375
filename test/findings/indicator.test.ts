import { expect } from 'chai';
import {
  distinct,
  type Indicator,
  indicatorKey,
  indicatorOf,
  type IndicatorType,
  plainAddress,
} from '../../src/findings/indicator.ts';

const hex = 'ab'.repeat(32);
const valueOf = (type: IndicatorType, text: string): unknown => {
  const one = indicatorOf(type, text, 'f:1');
  return typeof one === 'string' ? undefined : one.port === undefined ? one.value : [one.value, one.port];
};

describe('an indicator', () => {
  it('is made in the form in which it is compared', () => {
    expect(valueOf('sha256', ` ${hex.toUpperCase()} `)).to.equal(hex);
    expect(valueOf('address', '192.0.2.1:4444')).to.deep.equal(['192.0.2.1', 4444]);
    expect(valueOf('address', '[2001:DB8:0::1]:443')).to.deep.equal(['2001:db8::1', 443]);
    expect(valueOf('address', '::ffff:192.0.2.1')).to.equal('192.0.2.1');
    expect(valueOf('domain', 'Evil.Example.org.')).to.equal('evil.example.org');
    expect(valueOf('image', `registry/x@sha256:${hex}`)).to.equal(`sha256:${hex}`);
    expect(valueOf('service-account', 'system:serviceaccount:prod:shop')).to.equal('prod:shop');
    expect(valueOf('service-account', 'prod/shop')).to.equal('prod:shop');
    expect(valueOf('ssh-key', `SHA256:${'a'.repeat(43)}`)).to.equal(`SHA256:${'a'.repeat(43)}`);
  });
  it('is nothing that says nothing, or can not be compared', () => {
    const bad: readonly (readonly [IndicatorType, string])[] = [
      ['sha256', 'd41d8cd98f00b204e9800998ecf8427e'],
      ['sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      ['path', 'etc/passwd'],
      ['path', '/'],
      ['name', 'a/b'],
      ['address', '127.0.0.1'],
      ['address', '::1'],
      ['address', '1.2.3'],
      ['address', '300.1.1.1:5'],
      ['domain', 'localhost'],
      ['domain', 'a..b.org'],
      ['domain', '1.2.3.4'],
      ['image', 'nginx:latest'],
      ['service-account', 'default'],
      ['ssh-key', 'ssh-ed25519'],
      ['cron', 'x'],
    ];
    for (const [type, text] of bad) expect(indicatorOf(type, text, ''), `${type} ${text}`).to.be.a('string');
  });
  it('is one however often it is said', () => {
    const one: Indicator = { type: 'address', value: '192.0.2.1', port: 1, from: 'a' };
    expect(distinct([one, { ...one, from: 'b' }, { ...one, port: 2 }]).map(indicatorKey)).to.deep.equal([
      'address 192.0.2.1 1',
      'address 192.0.2.1 2',
    ]);
    const file: Indicator = { type: 'sha256', value: hex, from: 'a' };
    expect(distinct([file, { ...file, from: 'b', size: 5 }, { ...file, size: 6 }])).to.deep.equal([
      { ...file, size: 5 },
    ]);
    expect(plainAddress('fe80::1%eth0')).to.equal('fe80::1%eth0');
  });
});
