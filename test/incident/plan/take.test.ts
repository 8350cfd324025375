import { expect } from 'chai';
import { filled, id } from '../../../src/incident/plan/forms.ts';
import type { ObjectShape, Shape } from '../../../src/incident/plan/shape.ts';
import { takeTree } from '../../../src/incident/plan/take.ts';
import { parseYaml } from '../../../src/incident/plan/yaml-text.ts';

const text: Shape = { kind: 'text', form: filled };
const entry: ObjectShape = {
  kind: 'object',
  members: {
    id: { about: 'its name', shape: { kind: 'text', form: id }, required: true },
    count: { about: 'how many', shape: { kind: 'number', least: 1, most: 9 }, required: false },
    on: { about: 'whether', shape: { kind: 'flag' }, required: false },
    tags: { about: 'words', shape: { kind: 'list', of: text }, required: false, empty: true },
  },
};
const list: Shape = { kind: 'list', of: entry, ids: true, lenient: true };

function taken(yamlText: string, shape: Shape): { value: unknown; said: string[]; left: string[] } {
  const yaml = parseYaml(yamlText);
  if (yaml.document === undefined) throw new Error('no YAML');
  const { value, problems, left } = takeTree(yaml, yaml.document.contents, shape);
  return { value, said: problems.map(({ line, message }) => `${line}: ${message}`), left: [...left] };
}

describe('takeTree', () => {
  it('takes what is right', () => {
    expect(taken('- {id: a, count: 3, on: true}\n- {id: b, tags: [x]}\n', list)).to.deep.equal({
      value: [
        { id: 'a', count: 3, on: true, tags: [] },
        { id: 'b', tags: ['x'] },
      ],
      said: [],
      left: [],
    });
  });

  it('tells what is wrong and leaves that entry out', () => {
    const { value, said, left } = taken(
      '- {id: a, count: 10}\n- {id: b, on: no}\n- [x]\n- {id: c}\n- {count: 1}\n',
      list,
    );
    expect(value).to.deep.equal([{ id: 'c', tags: [] }]);
    expect(said).to.deep.equal([
      '1: a.count: 10 is not a whole number from 1 to 9',
      '2: b.on: no is neither true nor false',
      '3: #3: a list stands here; it has to be keys with values',
      '5: #5: needs id: its name',
    ]);
    expect(left).to.deep.equal(['a', 'b', '#3', '#5']);
  });

  it('holds members to what goes together and what does not', () => {
    const shape: ObjectShape = {
      ...entry,
      oneOf: ['count', 'on'],
      together: ['count', 'tags'],
      rule: ({ id: name }) => (name === 'x' ? 'is called x' : undefined),
    };
    const said = (yamlText: string): string[] => taken(yamlText, { kind: 'list', of: shape }).said;
    expect(said('- {id: a}\n')).to.deep.equal(['1: a: needs one of count, on']);
    expect(said('- {id: a, count: 1, on: true, tags: []}\n')).to.deep.equal([
      '1: a: has count and on; it needs one alone',
    ]);
    expect(said('- {id: a, count: 1}\n')).to.deep.equal(['1: a: has count; count and tags go together']);
    expect(said('- {id: x, on: true}\n')).to.deep.equal(['1: x: is called x']);
    expect(said('- {id: a, on: true}\n')).to.deep.equal([]);
  });

  it('does not take what every object has for a key of the file', () => {
    const { said } = taken('- {id: a, constructor: 1, __proto__: {x: 1}}\n', list);
    expect(said.map((one) => one.replace(/;.*/, ''))).to.deep.equal([
      '1: a: unknown key "constructor"',
      '1: a: unknown key "__proto__"',
    ]);
  });

  it('does not go through more entries than anybody reads', () => {
    const entries = (count: number): string =>
      Array.from({ length: count }, (_, i) => `- {id: a${i}}\n`).join('');
    expect(taken(entries(2000), list).said).to.deep.equal([]);
    expect(taken(entries(2001), list).said).to.deep.equal(['1: 2001 entries stand here; there may be 2000']);
  });

  it('shows long values in part', () => {
    const [said = ''] = taken(`- {id: ${'x'.repeat(5000)}}\n`, list).said;
    expect(said.length).to.be.below(300);
  });
});
