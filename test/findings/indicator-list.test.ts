import { expect } from 'chai';
import fc from 'fast-check';
import { indicatorKey } from '../../src/findings/indicator.ts';
import { parseIndicators } from '../../src/findings/indicator-list.ts';
import { anyText } from '../support/any-text.ts';

const hex = 'ab'.repeat(32);
const read = (text: string): { keys: string[]; lines: number[]; froms: string[] } => {
  const { indicators, unknown } = parseIndicators(text, 'list');
  return {
    keys: indicators.map(indicatorKey),
    froms: indicators.map(({ from }) => from),
    lines: unknown.map(({ line }) => line),
  };
};
const stix = (...patterns: readonly string[]): string =>
  JSON.stringify(
    {
      type: 'bundle',
      objects: [
        { type: 'malware', name: 'x' },
        ...patterns.map((pattern) => ({ type: 'indicator', pattern, pattern_type: 'stix' })),
      ],
    },
    undefined,
    1,
  );

describe('a list of indicators', () => {
  it('is read as plain text, by the form of each line', () => {
    const text = [
      ...['# a list', '', hex, `sha256:${hex}`, '192.0.2.1', '192.0.2.1:4444', '[2001:db8::1]:443'],
      ...['evil.example.org', '/tmp/.x', 'system:serviceaccount:prod:shop', `SHA256:${'a'.repeat(43)}`],
      ...['d41d8cd98f00b204e9800998ecf8427e', 'two words', '127.0.0.1'],
    ].join('\r\n');
    const { keys, lines, froms } = read(text);
    expect(keys).to.deep.equal([
      ...[`sha256 ${hex}`, `image sha256:${hex}`, 'address 192.0.2.1', 'address 192.0.2.1 4444'],
      ...['address 2001:db8::1 443', 'domain evil.example.org', 'path /tmp/.x', 'service-account prod:shop'],
      `ssh-key SHA256:${'a'.repeat(43)}`,
    ]);
    expect(froms[0]).to.equal('list:3');
    expect(lines).to.deep.equal([12, 13, 14]);
  });
  it('is read as CSV by its header', () => {
    const { keys, lines } = read(
      `comment,Type,value\n"a, b",cron,"curl -s ""http://x"" | sh"\n,name,kdevtmpfsi\n,md5,x\n,sha256,zz\n`,
    );
    expect(keys).to.deep.equal(['cron curl -s "http://x" | sh', 'name kdevtmpfsi']);
    expect(lines).to.deep.equal([4, 5]);
  });
  it('is read as STIX, as far as its patterns are understood', () => {
    const { keys } = read(
      stix(
        `[file:hashes.'SHA-256' = '${hex}']`,
        "[ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '192.0.2.2']",
        "[domain-name:value = 'evil.example.org'] OR [file:name = 'it\\'s OR not']",
      ),
    );
    expect(keys).to.deep.equal([
      ...[`sha256 ${hex}`, 'address 192.0.2.1', 'address 192.0.2.2'],
      ...['domain evil.example.org', "name it's OR not"],
    ]);
  });
  it('names patterns that are more, by their lines', () => {
    const patterns = [
      "[file:name = 'a' AND file:size = 5]",
      "[ipv4-addr:value ISSUBSET '192.0.2.0/24']",
      "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
      "[url:value LIKE 'http://%']",
      "[file:name = 'a'] FOLLOWEDBY [file:name = 'b']",
      "[file:name = 'a'",
      '',
    ];
    const text = stix(...patterns);
    const { keys, lines } = read(text);
    expect(keys).to.deep.equal([]);
    expect(lines).to.have.length(patterns.length);
    for (const [index, pattern] of patterns.entries())
      if (pattern !== '')
        expect(text.split('\n')[(lines[index] ?? 0) - 1]).to.contain(JSON.stringify(pattern));
    const sigma = JSON.stringify([{ type: 'indicator', pattern: 'x', pattern_type: 'sigma' }]);
    expect(parseIndicators(sigma, 'f').unknown[0]?.reason).to.contain('another language');
    expect(parseIndicators('{', 'f').unknown).to.deep.equal([{ line: 1, reason: 'no JSON' }]);
  });
  it('takes any text', () => {
    fc.assert(fc.property(anyText(), (text) => Array.isArray(parseIndicators(text, 'f').unknown)));
    fc.assert(
      fc.property(anyText(), (pattern) => {
        const { indicators, unknown } = parseIndicators(
          JSON.stringify([{ type: 'indicator', pattern }]),
          'f',
        );
        return indicators.length + unknown.length > 0;
      }),
    );
  });
  it('is not slow on a pattern that was made to be', () => {
    const started = performance.now();
    for (const pattern of [
      `[${"'".repeat(50_000)}`,
      `['${'\\'.repeat(50_000)}`,
      ' OR '.repeat(20_000),
      '['.repeat(50_000),
      `[a${' '.repeat(50_000)}`,
    ])
      parseIndicators(JSON.stringify([{ type: 'indicator', pattern }]), 'f');
    expect(performance.now() - started).to.be.lessThan(5_000);
  });
});
