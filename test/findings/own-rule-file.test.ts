import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { holds } from '../../src/findings/condition.ts';
import { parseOwnRules } from '../../src/findings/own-rule-file.ts';
import { anyText } from '../support/any-text.ts';

const text = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const sample = /```yaml\n(.*?)```/s.exec(text('docs/own-rules.md'))?.[1] ?? '';
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(text('schema/rule.json')) as object,
);

describe('a file of rules', () => {
  it('has the rule of the documentation, which is one by its schema', () => {
    const { rules, bad } = parseOwnRules(sample, 'own.yaml');
    expect(bad).to.deep.equal([]);
    expect(rules).to.have.length(1);
    const [rule] = rules;
    expect(rule).to.include({ id: 'pool-of-miners', severity: 'high', file: 'own.yaml', line: 1 });
    expect(rule?.of.name).to.equal('sockets');
    const where = rule?.where ?? { all: [] };
    expect(holds(where, { remotePort: 4444, remoteAddress: '192.0.2.1' })).to.equal(true);
    expect(holds(where, { remotePort: 4444, remoteAddress: '127.0.0.1' })).to.equal(false);
    expect(holds(where, { remotePort: 443, remoteAddress: '192.0.2.1' })).to.equal(false);
    const [document] = parseAllDocuments(sample);
    expect(validate((document as { toJS(): unknown }).toJS()), JSON.stringify(validate.errors)).to.equal(
      true,
    );
  });

  /** The sample with one line put in place of another, where the mistake is told, and what is said of it. */
  const mistakes: readonly (readonly [string, string, number, RegExp])[] = [
    ['kind: Rule', 'kind: Role', 2, /"Role" is none of Rule/],
    ['apiVersion: kubectl-ir/v1', 'apiVersion: kubectl-ir/v9', 1, /none of kubectl-ir\/v1/],
    ['severity: high', 'severity: hihg', 5, /"hihg" is none of critical, high/],
    ['severity: high', 'severty: high', 5, /no member "severty"; nearest: severity/],
    ['title: a process talks to a pool of miners', '', 1, /"title" is missing/],
    ['id: pool-of-miners', 'id: Pool of miners', 3, /small letters/],
    ['attack: [T1496.001]', 'attack: [T1496.001, miner]', 9, /a technique such as/],
    ['attack: [T1496.001]', 'attack: T1496.001', 9, /takes a list/],
    ['of: sockets', 'of: sokets', 13, /no kind "sokets"; nearest: sockets/],
    [
      '  remotePort: { in: [3333, 4444, 14444] }',
      '  remotePort: { inn: [3333] }',
      15,
      /no test "inn"; nearest: in/,
    ],
    [
      '  remotePort: { in: [3333, 4444, 14444] }',
      '  remotePort: { matches: "(a" }',
      15,
      /no expression of RE2/,
    ],
    ['  remotePort: { in: [3333, 4444, 14444] }', '  any: []', 15, /a list of conditions/],
    ['  remotePort: { in: [3333, 4444, 14444] }', '  remotePort: {}', 15, /has no test/],
    [
      '    remoteAddress: { cidr: [127.0.0.0/8, "::1/128"] }',
      '    remoteAddress: { cidr: 300.0.0.0/8 }',
      17,
      /no network/,
    ],
    ['    remoteAddress: { cidr: [127.0.0.0/8, "::1/128"] }', '    remoteAddress: *x', 17, /./],
    ['confidence: medium', 'confidence: medium\nconfidence: low', 7, /unique/],
    ['  - kubectl ir show {case} sockets', '  - "kubectl\\nrm -rf /"', 11, /one line of plain text/],
  ];
  for (const [line, instead, at, reason] of mistakes)
    it(`leaves out a rule with ${instead.trim() === '' ? `no ${line}` : instead.trim()}`, () => {
      expect(sample).to.contain(line);
      const { rules, bad } = parseOwnRules(`${sample.replace(line, instead)}---\n${sample}`, 'own.yaml');
      expect(rules).to.have.length(1);
      expect(bad).to.have.length(1);
      expect(bad[0]?.reason).to.match(reason);
      expect(bad[0]).to.include({ file: 'own.yaml', line: at });
    });

  it('refuses what the schema refuses', () => {
    for (const [line, instead] of mistakes.filter(([, , , { source }]) =>
      /none|no member|missing|small|such as|list$/.test(source),
    )) {
      const [document] = parseAllDocuments(sample.replace(line, instead));
      const value = (document as { toJS(): unknown }).toJS();
      if (/sokets|300\./.test(instead)) continue;
      expect(validate(value), instead).to.equal(false);
    }
  });

  it('tells documents that are no YAML, and no rules, by their lines', () => {
    const { rules, bad } = parseOwnRules(`a: [\n---\n${sample}---\n- x\n---\n`, 'f');
    expect(rules).to.have.length(1);
    expect(bad.map(({ line }) => line)[0]).to.equal(2);
    expect(bad.at(-1)?.reason).to.contain('a rule is a table');
    expect(parseOwnRules('', 'f')).to.deep.equal({ rules: [], bad: [] });
  });

  it('refuses conditions that are nested without end', () => {
    const deep = `${'{not: '.repeat(40)}{pid: 1}${'}'.repeat(40)}`;
    const { bad } = parseOwnRules(sample.replace(/where:[^]*/, `where: ${deep}\n`), 'f');
    expect(bad[0]?.reason).to.contain('nested deeper');
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (some) => {
        const { rules } = parseOwnRules(some, 'f');
        return rules.length === 0;
      }),
    );
  });
});
