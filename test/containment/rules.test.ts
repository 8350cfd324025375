import { expect } from 'chai';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { countRules, cutRules, isLinkName, type RuleInput } from '../../src/containment/rules.ts';
import { uid } from './subjects.ts';

const input: RuleInput = {
  uid,
  links: ['veth9bd0b104'],
  address: '10.244.2.7',
  ports: [8080],
  nodeAddresses: ['10.0.0.11', '10.244.2.1', '127.0.0.1', '169.254.20.10', 'fd00::1', 'fe80::1'],
};

/** Has nft check rules in a network namespace of their own that has the links; throws with nft's message. */
function check(rules: string): void {
  const links =
    'ip link add veth9bd0b104 type veth peer name eth1 && ip link add net1 type veth peer name eth2';
  execFileSync('unshare', ['-n', 'sh', '-c', `${links} && nft -c -f -`], { input: rules, stdio: 'pipe' });
}

describe('containment rules', () => {
  const variants: readonly [string, Partial<RuleInput>][] = [
    ['one link, IPv4', {}],
    ['IPv6', { address: 'fd00::7' }],
    ['two links, two ports', { links: ['veth9bd0b104', 'net1'], ports: [80, 8080] }],
    ['no probe', { ports: [] }],
    ['no known node address', { nodeAddresses: [] }],
  ];
  for (const [name, changes] of variants)
    it(`are taken by nft: ${name}`, () => {
      const one = { ...input, ...changes };
      check(countRules(one));
      check(cutRules(one, false));
      check(countRules(one) + cutRules(one, true));
    });

  it('let nothing through when no probe uses the network', () => {
    const rules = cutRules({ ...input, ports: [] }, false);
    expect(rules).not.to.include('accept');
    expect(rules.match(/policy drop/g)).to.have.length(2);
  });

  it('accept only marked packets, replies to them and address resolution', () => {
    const accepted = cutRules(input, false)
      .split('\n')
      .filter((line) => line.endsWith(' accept'));
    expect(accepted.map((line) => line.trim())).to.deep.equal([
      'arp daddr ip @node accept',
      'ip saddr 10.244.2.7 tcp flags & (syn | ack) != syn ip daddr . tcp dport . tcp sport @probing accept',
      'arp saddr ip @node accept',
      'meta mark and 0xffff0000 == 0x49520000 ip daddr 10.244.2.7 tcp dport { 8080 } update @probing { ip saddr . tcp sport . tcp dport } accept',
    ]);
  });

  it('are never made of a part that is not what it should be', () => {
    const bad: Partial<RuleInput>[] = [
      { links: [] },
      { links: ['veth0"; flush ruleset; #'] },
      { links: ['veth0\n'] },
      { links: ['a-name-that-is-too-long'] },
      { address: 'fe80::1%"; flush ruleset; "' },
      { address: '10.0.0.1 accept' },
      { ports: [0] },
      { ports: [65_536] },
      { ports: [1.5] },
      { ports: [Number.NaN] },
    ];
    for (const changes of bad)
      expect(() => cutRules({ ...input, ...changes }, false), JSON.stringify(changes)).to.throw();
    expect(() => cutRules({ ...input, uid: '../x' }, false)).to.throw();
  });

  it('leave out addresses of the node that are none', () => {
    const hostile = ['10.0.0.1; accept', 'fe80::1%eth0', '', '10.0.0.12'];
    const rules = cutRules({ ...input, nodeAddresses: hostile }, false);
    expect(rules).to.include('elements = { 10.0.0.12, 169.254.0.0/16 }');
  });

  it('take any link name that the kernel takes and is plain, no other', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20, unit: 'binary' }), (name) => {
        const plain = /^[\w.-]+$/.test(name) && name.length <= 15;
        expect(isLinkName(name)).to.equal(plain);
      }),
    );
  });
});
