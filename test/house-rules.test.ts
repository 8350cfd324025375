import { expect } from 'chai';
import { descriptorFindings, renderDescriptor } from '../scripts/rules/descriptor.ts';
import { findingLine, type SourceFile } from '../scripts/rules/finding.ts';
import { arrowFindings, cycleFindings, importsOf } from '../scripts/rules/imports.ts';
import { placeFindings } from '../scripts/rules/places.ts';
import { purityFindings } from '../scripts/rules/purity.ts';
import { testFindings, testPathOf } from '../scripts/rules/tests.ts';
import { codeOnly, hasNothingToRun, textFindings } from '../scripts/rules/text.ts';

function file(path: string, ...lines: string[]): SourceFile {
  return { path, text: `${lines.join('\n')}\n` };
}

function rulesBroken(source: SourceFile): string[] {
  return textFindings(source).map(({ rule, line }) => `${rule} ${line}`);
}

describe('house rules of one file', () => {
  for (const [name, source, broken] of [
    ['a file of 400 lines', file('src/x.ts', ...Array<string>(400).fill('')), []],
    ['a longer one', file('src/x.sh', ...Array<string>(401).fill('')), ['length 401']],
    ['console', file('test/x.ts', '', 'console.log(1);'), ['console 2']],
    ['console in a comment and a string', file('src/x.ts', '// console.log', "f('console.log');"), []],
    ['an exit', file('src/x.ts', 'process.exit(1);'), ['exit 1']],
    ['an exit of a script', file('scripts/x.ts', 'process.exit(1);'), []],
    ['the wall clock', file('src/x.ts', 'f(Date.now());', 'f(new Date());'), ['clock 1', 'clock 2']],
    ['a date that was read', file('src/x.ts', 'f(new Date(text));'), []],
    ['the wall clock in io', file('src/output/io.ts', 'f(new Date());'), []],
    ['the environment', file('src/x.ts', 'f(`a${process.env.X}`);'), ['process 1']],
    [
      'any',
      file('src/x.ts', 'f(x as any);', 'let y: any;', 'const z: Set<any> = s;'),
      ['any 1', 'any 2', 'any 3'],
    ],
    ['the word any', file('src/x.ts', 'const any = 1; // as any'), []],
    ['a default export', file('src/x.ts', '', 'export default 1;'), ['default 2']],
    ['a default function', file('src/x.ts', 'export default function f() {}'), ['default 1']],
    ['a barrel', file('src/x.ts', "export * from './y.ts';"), ['barrel 1']],
    ['an index', file('src/x/index.ts', 'export const a = 1;'), ['barrel 1']],
    [
      'a skipped test',
      file('test/x.ts', 'this.skip();', 'it.skip(f);', 'xdescribe(f);', 'suite.pending = true;'),
      ['skip 1', 'skip 2', 'skip 3', 'skip 4'],
    ],
    ['the one place that skips', file('test/support/requires.ts', 'what.skip();'), []],
    ['unfinished work', file('src/x.ts', `// ${'TO' + 'DO'}: later`), ['unfinished 1']],
    ['lint switched off', file('src/x.ts', `// eslint-` + 'disable-next-line'), ['lint-off 1']],
  ] as const) {
    it(`judges ${name}`, () => expect(rulesBroken(source)).to.deep.equal(broken));
  }

  it('prints as editors understand it', () => {
    const [finding] = textFindings(file('src/x.ts', 'process.exit(1);'));
    expect(finding && findingLine(finding)).to.equal(
      'src/x.ts:1: exit: process.exit: throw, or return an exit code',
    );
  });
});

describe('codeOnly', () => {
  it('keeps code and lines, and blanks comments and strings', () => {
    const text = 'a("b"); /* c\n */ `d${e}f`; /g/.test(h)\n"// i"; j / k; "/*"; // l\n/[/*]/; m; // "n';
    expect(codeOnly({ path: 'x.ts', text }).replace(/ +/g, ' ')).to.equal(
      'a( ); \n e ; .test(h)\n ; j / k; ; \n ; m; ',
    );
  });
});

describe('arrows', () => {
  const problems = (path: string, ...lines: string[]): string[] =>
    arrowFindings(importsOf(file(path, ...lines))).map(({ line, text }) => `${line} ${text}`);

  it('may point down and within a room', () => {
    expect(problems('src/collector/a.ts', "import '../cluster/b.ts';", "import './c.ts';")).to.deep.equal([]);
    expect(problems('src/cli.ts', "import './subcommands/b.ts';", "import './help.ts';")).to.deep.equal([]);
    expect(problems('src/output/build.ts', "import x from '../../package.json';")).to.deep.equal([]);
  });

  for (const [name, path, line, text] of [
    [
      'up',
      'src/cluster/a.ts',
      "import type { B } from '../collector/b.ts';",
      '1 cluster may not import collector',
    ],
    [
      'sideways',
      'src/filesystem/a.ts',
      "import '../containment/b.ts';",
      '1 filesystem may not import containment',
    ],
    [
      'up, loaded late',
      'src/output/a.ts',
      "await import('../evidence/b.ts');",
      '1 output may not import evidence',
    ],
    ['to the top', 'src/subcommands/a.ts', "import '../cli.ts';", '1 subcommands may not import src/cli.ts'],
    ['out of src', 'src/cluster/a.ts', "import '../../test/b.ts';", '1 src may not import test/b.ts'],
    ['to no room', 'src/cluster/a.ts', "import '../utils/b.ts';", '1 src/utils is no room of the design'],
  ] as const) {
    it(`may not point ${name}`, () => expect(problems(path, line)).to.deep.equal([text]));
  }
});

describe('cycles', () => {
  it('are found once, at the import that closes them', () => {
    const files = [
      file('src/output/a.ts', "import './b.ts';"),
      file('src/output/b.ts', "import './c.ts';"),
      file('src/output/c.ts', '', "import type { A } from './a.ts';"),
      file('src/output/d.ts', "import './a.ts';"),
    ];
    const found = cycleFindings(files.flatMap(importsOf)).map(findingLine);
    expect(found).to.deep.equal([
      'src/output/c.ts:2: cycle: src/output/a.ts -> src/output/b.ts -> src/output/c.ts -> src/output/a.ts',
    ]);
  });
});

describe('pure rooms', () => {
  const problems = (...files: SourceFile[]): string[] =>
    purityFindings(files, files.flatMap(importsOf)).map(
      ({ path, line, text }) => `${path}:${line} ${text.split(' ')[0] ?? ''}`,
    );
  const pure = file('src/findings/a.ts', "import { b } from '../cluster/b.ts';", "import 'node:crypto';");

  it('may reckon, and take types from wherever they are', () => {
    const types = ["import type { Io } from '../output/io.ts';", "import type { Stats } from 'node:fs';"];
    expect(problems(pure, file('src/cluster/b.ts', ...types, "import 'yaml';"))).to.deep.equal([]);
    const impure = file('src/evidence/c.ts', "import 'node:fs';", "import '../output/io.ts';");
    expect(problems(pure, impure)).to.deep.equal([]);
  });

  it('come to the outside world neither by themselves nor by what they import', () => {
    expect(
      problems(file('src/artifacts/a.ts', '', "import { open } from 'node:fs/promises';")),
    ).to.deep.equal(['src/artifacts/a.ts:2 node:fs/promises']);
    const far = file('src/cluster/b.ts', "import './c.ts';");
    const end = file(
      'src/cluster/c.ts',
      "await import('undici');",
      "import { write } from '../output/io.ts';",
    );
    expect(problems(pure, far, end)).to.deep.equal([
      'src/cluster/c.ts:1 undici',
      'src/cluster/c.ts:2 src/output/io.ts',
    ]);
  });
});

describe('places', () => {
  const host = ['registry', 'npmjs', 'org'].join('.');

  it('belong to no machine and no registry', () => {
    const text = `cd ${'/wo' + 'rk'}/main\nfetch https://${host}/x\n`;
    expect(placeFindings({ path: 'README.md', text }).map(({ line }) => line)).to.deep.equal([1, 2]);
  });

  it('may be a work directory of an overlay, or an image name', () => {
    const text = 'workdir=/var/lib/x/1/work/y\nregistry.example/app:1\n';
    expect(placeFindings({ path: 'x.ts', text })).to.deep.equal([]);
  });
});

describe('tests beside the tree', () => {
  it('are asked for where something runs', () => {
    const files = [
      file('src/a/b.ts', 'export function f() {}'),
      file('src/a/types.ts', 'export interface T { f(): void }', 'export const x = 1;'),
      file('src/cluster/c.ts', 'export const f = () => 1;'),
      file('test/src-cluster/c.test.ts'),
    ];
    expect(testFindings(files).map(findingLine)).to.deep.equal([
      'src/a/b.ts:1: test: there is no test/a/b.test.ts',
    ]);
    expect(testPathOf('src/cli.ts')).to.equal('test/cli.test.ts');
  });

  it('are not asked for of types and constants', () => {
    expect(hasNothingToRun(file('x.ts', "import y from 'y';", 'export type T = () => void;'))).to.equal(true);
    expect(hasNothingToRun(file('x.ts', 'class C { m() {} }'))).to.equal(false);
  });
});

describe('plugin.yaml', () => {
  const command = {
    entry: {
      words: ['snapshot', 'node'],
      group: 'Collect',
      summary: 'Collect',
      usage: '',
      about: ['One.'],
      examples: [['First', 'snapshot node a']],
      load: () => Promise.reject(new Error('not loaded')),
    },
    flags: { output: { type: 'string', short: 'o', summary: 'format', default: 'json' } },
  } as const;
  const text = renderDescriptor([command], {}, 'Respond');

  it('has commands of two words as a tree', () => {
    expect(text).to.include('  - name: snapshot').and.to.include('      - name: node');
    expect(text).to.include('shorthand: o').and.to.include('defValue: json');
  });

  it('must say what the registry says', () => {
    expect(descriptorFindings(text, text)).to.deep.equal([]);
    const [finding] = descriptorFindings(text.replace('Respond', 'Reply'), text);
    expect(finding).to.include({ path: 'plugin.yaml', line: 3 });
    expect(finding?.text).to.include('is "shortDesc: Reply", the registry says "shortDesc: Respond"');
    expect(descriptorFindings('', text)).to.have.length(1);
  });
});
