import { expect } from 'chai';
import {
  countFamilies,
  countRules,
  flushes,
  insideCountRules,
  insideFlushes,
} from '../../../src/containment/rules/count-rules.ts';
import type { RuleInput } from '../../../src/containment/rules/parts.ts';
import { checkRules, ruleInput } from './rules-lab.ts';

describe('countRules', () => {
  const routed: RuleInput = { ...ruleInput, links: [{ name: 'veth9bd0b104', attachment: 'routed' }] };
  for (const egress of [true, false])
    for (const [name, input] of [
      ['a bridged link', ruleInput],
      ['a routed link', routed],
      ['no probe', { ...ruleInput, ports: [] }],
    ] as const)
      it(`are taken by nft ${egress ? 'with' : 'without'} the egress hook, and emptied again: ${name}`, () => {
        const one = { ...input, egress };
        checkRules(countRules(one) + flushes(one).join('\n'));
        checkRules(insideCountRules(one) + insideFlushes(one).join('\n'));
      });

  it('count where the hooks are', () => {
    expect(countFamilies(ruleInput)).to.deep.equal({ link: ['netdev'], inside: ['netdev'] });
    expect(countFamilies({ ...ruleInput, egress: false })).to.deep.equal({
      link: ['netdev', 'bridge'],
      inside: ['inet'],
    });
    expect(countFamilies({ ...routed, egress: false }).link).to.deep.equal(['netdev', 'inet']);
    expect(countFamilies({ ...ruleInput, inner: [] }).inside).to.deep.equal([]);
  });

  it('empty one stage alone', () => {
    expect(flushes(ruleInput, ['tried', 'from'])).to.have.length(4);
    expect(flushes(ruleInput)).to.have.length(16);
    expect(flushes(ruleInput, ['tried', 'from']).every((line) => line.includes(' tried-from-'))).to.equal(
      true,
    );
  });
});
