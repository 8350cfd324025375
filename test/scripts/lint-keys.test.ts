import { expect } from 'chai';
import { lintKeys } from '../../scripts/lint-keys.ts';
import type { SourceFile } from '../../scripts/rules/finding.ts';

const sources: Readonly<Record<string, string>> = {
  'src/a.ts': "import type { B } from './sub/b.ts';\nexport const a: B = 1;",
  'src/sub/b.ts': "export { c as b } from '../c.ts';\nexport type B = number;",
  'src/c.ts': "export const c = () => import('./late.ts');",
  'src/late.ts': "import names from '../names.json' with { type: 'json' };\nexport default names;",
  'names.json': '{}',
  'src/alone.ts': "import 'node:fs';",
  'src/typed.ts': "export type T = import('./alone.ts').X;",
};

/** Files whose key is another one when one file reads otherwise. */
function touched(changed: Readonly<Record<string, string>>, surroundings = ''): string[] {
  const filesOf = (texts: Readonly<Record<string, string>>): SourceFile[] =>
    Object.entries(texts).map(([path, text]) => ({ path, text }));
  const before = lintKeys(filesOf(sources), '');
  const after = lintKeys(filesOf({ ...sources, ...changed }), surroundings);
  return [...after].filter(([path, key]) => before.get(path) !== key).map(([path]) => path);
}

describe('lint keys', () => {
  for (const [what, changed, files] of [
    ['nothing', {}, []],
    ['a file that nobody imports', { 'src/a.ts': '' }, ['src/a.ts']],
    ['a file that is imported', { 'src/sub/b.ts': '' }, ['src/a.ts', 'src/sub/b.ts']],
    [
      'one that is imported late',
      { 'src/late.ts': '' },
      ['src/a.ts', 'src/sub/b.ts', 'src/c.ts', 'src/late.ts'],
    ],
    [
      'data at the end of a chain',
      { 'names.json': '[]' },
      ['src/a.ts', 'src/sub/b.ts', 'src/c.ts', 'src/late.ts', 'names.json'],
    ],
    ['one that is named in a type', { 'src/alone.ts': '' }, ['src/alone.ts', 'src/typed.ts']],
    ['a new file', { 'src/new.ts': '' }, ['src/new.ts']],
    [
      'ambient declarations',
      { 'src/x.d.ts': 'declare const x: 1;' },
      [...Object.keys(sources), 'src/x.d.ts'],
    ],
  ] as const)
    it(`follow ${what}`, () => {
      expect(touched(changed)).to.have.members([...files]);
    });

  it('follow the surroundings', () => {
    expect(touched({}, 'another version')).to.have.members(Object.keys(sources));
  });

  it('are found in circles too', () => {
    const circle = [
      { path: 'a.ts', text: "import './b.ts';" },
      { path: 'b.ts', text: "import './a.ts';" },
    ];
    expect(lintKeys(circle, '').size).to.equal(2);
  });

  it('know a file that is not there from an empty one', () => {
    const [file, empty] = [
      { path: 'a.ts', text: "import './b.ts';" },
      { path: 'b.ts', text: '' },
    ];
    expect(lintKeys([file], '').get('a.ts')).not.to.equal(lintKeys([file, empty], '').get('a.ts'));
  });
});
