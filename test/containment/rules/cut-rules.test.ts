import { expect } from 'chai';
import { cutRules } from '../../../src/containment/rules/cut-rules.ts';
import { countRules } from '../../../src/containment/rules/count-rules.ts';
import type { RuleInput } from '../../../src/containment/rules/parts.ts';
import { checkRules, ruleInput } from './rules-lab.ts';

const accepted = (rules: string): string[] =>
  rules
    .split('\n')
    .filter((line) => line.endsWith(' accept'))
    .map((line) => line.trim());

describe('cutRules', () => {
  const variants: readonly [string, Partial<RuleInput>][] = [
    ['one link, IPv4', {}],
    ['IPv6', { address: 'fd00::7' }],
    [
      'two links, two ports',
      { links: [...ruleInput.links, { name: 'net1', attachment: 'routed' }], ports: [80, 8080] },
    ],
    ['a link on another switch', { links: [{ name: 'net1', attachment: 'other' }] }],
    ['no probe', { ports: [] }],
    ['no known node address', { nodeAddresses: [] }],
  ];
  for (const [name, changes] of variants)
    for (const egress of [true, false])
      it(`are taken by nft ${egress ? 'with' : 'without'} the egress hook: ${name}`, () => {
        const input = { ...ruleInput, ...changes, egress };
        checkRules(countRules(input) + cutRules(input));
      });

  it('let nothing through when no probe uses the network', () => {
    for (const egress of [true, false]) {
      const rules = cutRules({ ...ruleInput, ports: [], egress });
      expect(rules).not.to.match(/ accept$/m);
      expect(rules).to.include('ingress device "veth9bd0b104" priority -500; policy drop');
    }
    expect(cutRules({ ...ruleInput, ports: [] }).match(/policy drop/g)).to.have.length(2);
  });

  it('accept only marked packets, replies to them and address resolution, for the node alone', () => {
    expect(accepted(cutRules(ruleInput))).to.deep.equal([
      'arp daddr ip @node ether daddr set 0a:58:0a:f4:02:01 accept',
      'ip saddr 10.244.2.7 tcp sport { 8080 } tcp flags & (syn | ack) != syn ip daddr . tcp dport . tcp sport @probing ether daddr set 0a:58:0a:f4:02:01 accept',
      'arp saddr ip @node accept',
      'meta mark and 0xffff0000 == 0x49520000 ip daddr 10.244.2.7 tcp dport { 8080 } update @probing { ip saddr . tcp sport . tcp dport } accept',
    ]);
  });

  it('drop without the egress hook where packets are handed on: by the bridge, or by IP', () => {
    const bridged = cutRules({ ...ruleInput, egress: false });
    expect(bridged).to.include('oifname { "veth9bd0b104" } drop').and.include('table bridge ');
    expect(bridged).to.match(/prerouting priority -500; .*\n.* != @probing drop/);
    const routed = { name: 'veth9bd0b104', attachment: 'routed' } as const;
    const rules = cutRules({ ...ruleInput, links: [routed], egress: false });
    expect(rules).not.to.include('table bridge ir-cut-5f0c1e7a-1111-4222-8333-444455556666 {');
    expect(rules.match(/oifname \{ "veth9bd0b104" \} drop/g)).to.have.length(2);
  });

  it('are never made of a part that is not what it should be', () => {
    const link = (name: string): RuleInput['links'] => [{ name, attachment: 'routed' }];
    const bad: Partial<RuleInput>[] = [
      { links: [] },
      { links: link('veth0"; flush ruleset; #') },
      { links: link('veth0\n') },
      { links: link('a-name-that-is-too-long') },
      { links: [{ name: 'veth0', attachment: 'bridge', mac: 'aa"; flush ruleset; #' }] },
      { address: 'fe80::1%"; flush ruleset; "' },
      { address: '10.0.0.1 accept' },
      { ports: [0] },
      { ports: [65_536] },
      { ports: [1.5] },
      { ports: [Number.NaN] },
      { uid: '../x' },
    ];
    for (const changes of bad)
      for (const egress of [true, false])
        expect(() => cutRules({ ...ruleInput, ...changes, egress }), JSON.stringify(changes)).to.throw();
  });

  it('leave out addresses of the node that are none', () => {
    const hostile = ['10.0.0.1; accept', 'fe80::1%eth0', '', '10.0.0.12'];
    const rules = cutRules({ ...ruleInput, nodeAddresses: hostile });
    expect(rules).to.include('elements = { 10.0.0.12, 169.254.0.0/16 }');
  });
});
