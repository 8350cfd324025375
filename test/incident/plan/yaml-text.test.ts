import { expect } from 'chai';
import { isMap, isSeq } from 'yaml';
import { largestText } from '../../../src/incident/plan/text-limit.ts';
import { parseYaml } from '../../../src/incident/plan/yaml-text.ts';

describe('parseYaml', () => {
  it('gives a tree with places, in lines of either ending', () => {
    const yaml = parseYaml('# first\r\na: 1\r\nb:\r\n  - x\r\n');
    const root = yaml.document?.contents;
    if (!isMap(root)) throw new Error('no map');
    const list = root.get('b', true);
    if (!isSeq(list)) throw new Error('no list');
    expect(yaml.placeOf(list)).to.deep.equal({ line: 4, column: 3 });
    expect(yaml.problems).to.deep.equal([]);
  });

  it('follows aliases', () => {
    const yaml = parseYaml('a: &x {b: 1}\nc: *x\n');
    const root = yaml.document?.contents;
    if (!isMap(root)) throw new Error('no map');
    const alias = root.items[1]?.value;
    const meant = yaml.resolve(alias ?? undefined);
    expect(isMap(meant) && meant.get('b')).to.equal(1);
    expect(yaml.resolve(undefined)).to.equal(undefined);
  });

  it('knows no dates, no sixties and no types of anybody', () => {
    const yaml = parseYaml('%YAML 1.1\n---\na: 2026-11-01\nb: 09:30\nc: yes\nd: 0o10\n');
    expect(yaml.document?.toJS()).to.deep.equal({ a: '2026-11-01', b: '09:30', c: 'yes', d: 8 });
    expect(parseYaml('a: !!python/object x\n').problems[0]).to.include({
      line: 1,
      column: 4,
      severity: 'error',
    });
  });

  it('takes the largest text and no larger one', () => {
    const text = (length: number): string => `a: ${'x'.repeat(length - 3)}`;
    expect(parseYaml(text(largestText)).problems).to.deep.equal([]);
    expect(parseYaml(text(largestText + 1)).problems[0]?.message).to.contain('larger than 1024 KiB');
  });
});
