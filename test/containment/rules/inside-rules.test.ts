import { expect } from 'chai';
import { insideRules } from '../../../src/containment/rules/inside-rules.ts';
import { checkRules, ruleInput } from './rules-lab.ts';

describe('insideRules', () => {
  for (const egress of [true, false])
    for (const [name, changes] of [
      ['IPv4', {}],
      ['IPv6', { address: 'fd00::7', probeSource: 'fd00::1' }],
      ['no probe', { ports: [] }],
      ['an unknown prober', { probeSource: undefined, nodeAddresses: [] }],
    ] as const)
      it(`are taken by nft ${egress ? 'with' : 'without'} the egress hook: ${name}`, () => {
        const { probeSource, ...rest } = { ...ruleInput, ...changes };
        checkRules(insideRules({ ...rest, ...(probeSource === undefined ? {} : { probeSource }), egress }));
      });

  it("let the kubelet's address through to the probe port and back, and nothing else", () => {
    const accepted = insideRules(ruleInput)
      .split('\n')
      .filter((line) => line.endsWith('accept'))
      .map((line) => line.trim());
    expect(accepted).to.deep.equal([
      'arp daddr ip @node accept',
      'ip saddr 10.244.2.7 tcp sport { 8080 } tcp flags & (syn | ack) != syn ip daddr { 10.244.2.1 } accept',
      'arp saddr ip @node accept',
      'ip daddr 10.244.2.7 tcp dport { 8080 } ip saddr { 10.244.2.1 } accept',
    ]);
  });

  it('leave loopback alone where whole families are dropped', () => {
    const rules = insideRules({ ...ruleInput, ports: [], egress: false });
    expect(rules.match(/policy drop/g)).to.have.length(3);
    expect(rules).to.include('oifname "lo" accept').and.include('iifname "lo" accept');
  });

  it('are never made of a name that is not plain', () => {
    for (const inner of [[], ['eth0"; flush ruleset; #'], ['eth0\n']])
      expect(() => insideRules({ ...ruleInput, inner })).to.throw();
  });
});
