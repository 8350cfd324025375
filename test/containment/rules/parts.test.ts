import { expect } from 'chai';
import { family, neighbour, quotedAll, toNodeOnly } from '../../../src/containment/rules/parts.ts';
import { ruleInput } from './rules-lab.ts';

describe('parts of rules', () => {
  it('are never made of a name or an address that is not plain', () => {
    expect(quotedAll(['eth0', 'veth-1.2'])).to.equal('{ "eth0", "veth-1.2" }');
    expect(() => quotedAll(['eth0', 'a"b'])).to.throw();
    expect(() => toNodeOnly({ name: 'veth0', attachment: 'bridge', mac: 'aa accept' })).to.throw();
    expect(toNodeOnly({ name: 'net1', attachment: 'other' })).to.equal('');
  });

  it('follow the family of the address that is probed', () => {
    expect(family({ address: '10.0.0.1' })).to.include({ ip: 'ip', four: true });
    expect(family({ address: 'fd00::1' })).to.include({ ip: 'ip6', four: false });
    expect(() => family({ address: 'fe80::1%eth0' })).to.throw();
    expect(neighbour(ruleInput, 'from')).to.equal('arp daddr ip @node');
    expect(neighbour({ ...ruleInput, address: 'fd00::7' }, 'to')).to.match(/^icmpv6 .* ip6 saddr @node$/);
  });
});
