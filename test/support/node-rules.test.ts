import { expect } from 'chai';
import { nodeRules } from './node-rules.ts';

const nft = (first: string[], second: string[]): string =>
  [
    '# Warning: table ip nat is managed by iptables-nft, do not touch!',
    'table ip nat {',
    ...first,
    '',
    ...second,
    '}',
    'table ip6 nat {',
    '}',
  ].join('\n');
const chain = (name: string, ...rules: string[]): string[] => [
  `\tchain ${name} {`,
  ...rules.map((rule) => `\t\t${rule}`),
  '\t}',
];
const saved = (...rules: string[]): string =>
  ['# Generated on Thu', '*nat', ':A ACCEPT [5:300]', ':KUBE-SERVICES - [0:0]', ...rules, 'COMMIT'].join(
    '\n',
  );

describe('rules of a node', () => {
  it('are the same in chains written in another order, with other counters', () => {
    const a = (packets: number): string[] => chain('A', `counter packets ${packets} bytes 9 accept`, 'drop');
    const b = chain('B', 'return');
    expect(nodeRules(nft(a(1), b))).to.equal(nodeRules(nft(b, a(77))));
    expect(nodeRules(saved('-A A -j X'))).to.equal(nodeRules(saved('-A A -j X').replace('[5:300]', '[6:1]')));
  });

  it('are others when two of a chain change places, or one is in another chain or table', () => {
    const states = [
      nft(chain('A', 'accept', 'drop'), chain('B')),
      nft(chain('A', 'drop', 'accept'), chain('B')),
      nft(chain('A', 'drop'), chain('B', 'accept')),
      nft(chain('A', 'drop'), chain('B')),
      nft(chain('A', 'drop'), []),
      nft([], []),
      `${nft([], [])}\ntable inet ir {\n}`,
      saved('-A A -j X', '-A A -j Y'),
      saved('-A A -j Y', '-A A -j X'),
      saved('-A A -j Y', '-A KUBE-SERVICES -j X'),
      saved('-A A -j Y'),
      saved().replace('ACCEPT', 'DROP'),
      saved(),
    ];
    expect(new Set(states.map(nodeRules)).size).to.equal(states.length);
  });

  it('are in any order where kube-proxy keeps none', () => {
    const services = [chain('KUBE-SERVICES', 'a', 'b'), chain('KUBE-SERVICES', 'b', 'a')];
    const [one, other] = services.map((each) => nodeRules(nft(each, [])));
    expect(one).to.equal(other);
    const lines = ['-A KUBE-SERVICES -j X', '-A KUBE-SERVICES -j Y'];
    expect(nodeRules(saved(...lines))).to.equal(nodeRules(saved(...lines.toReversed())));
  });
});
