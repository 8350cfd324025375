import { expect } from 'chai';
import { BagPlaces, surveyTree } from '../../src/evidence/survey.ts';
import type { Tree } from '../../src/evidence/tree.ts';
import { Problems } from '../../src/evidence/verification.ts';

function tree(type: Tree['type'], files: Record<string, string>): Tree {
  return {
    path: 'x',
    type,
    files: async function* () {
      for (const [path, text] of Object.entries(files)) {
        const content = async function* (): AsyncGenerator<Buffer> {
          yield await Promise.resolve(Buffer.from(text));
        };
        yield await Promise.resolve({ path, kind: 'file' as const, content });
      }
    },
  };
}

describe('survey', () => {
  for (const [what, type, paths, root] of [
    ['a bag', 'directory', ['bagit.txt'], ''],
    ['a case that is not sealed', 'directory', ['data/case.json'], ''],
    ['an archive of a bag in its directory', 'archive', ['bag/data/x', 'bag/bagit.txt'], 'bag/'],
    ['an archive of a bag without one', 'archive', ['bagit.txt', 'data/x'], ''],
    ['nothing of the kind', 'archive', ['a/b/bagit.txt', 'x'], undefined],
    ['a bag in a directory of a directory', 'directory', ['bag/bagit.txt'], undefined],
  ] as const)
    it(`finds ${what}`, async () => {
      const found = await surveyTree(tree(type, Object.fromEntries(paths.map((path) => [path, 'text']))));
      expect(found?.root).to.equal(root);
    });

  it('keeps the files that steer, by their path in the bag', async () => {
    const files = {
      'bag/bagit.txt': '1',
      'bag/manifest-md5.txt': '2',
      'bag/data/manifest-md5.txt': '3',
      'bag/note': '4',
    };
    const found = await surveyTree(tree('archive', files));
    expect([...(found?.texts.keys() ?? [])]).to.deep.equal(['bagit.txt', 'manifest-md5.txt']);
  });

  it('gives each file its one place, and tells of the rest', () => {
    const problems = new Problems();
    const places = new BagPlaces({ root: 'bag/', texts: new Map() }, 'archive', problems);
    const paths = ['bag/a', 'bag/a', 'other/a', 'bag/../a', 'bag//etc'];
    expect(paths.map((path) => places.file(path))).to.deep.equal(['a', ...Array<undefined>(4)]);
    expect(problems.kept.map(({ what }) => what)).to.deep.equal([
      'is there twice',
      ...Array<string>(3).fill('lies outside of the bag'),
    ]);
  });

  it('lets no directory of an archive take the place of a file, or lie outside', () => {
    const problems = new Problems();
    const places = new BagPlaces({ root: 'bag/', texts: new Map() }, 'archive', problems);
    for (const path of ['./', 'bag/', 'bag/d/', 'bag/d', 'other/']) places.directory(path);
    places.file('bag/a');
    expect(problems.count).to.equal(0);
    places.directory('bag/a/');
    places.file('bag/d');
    for (const path of ['../evil/', '/etc/', 'bag/../../evil/']) places.directory(path);
    expect(problems.kept.map(({ where, what }) => `${where} ${what}`)).to.deep.equal([
      'a is there twice',
      'd is there twice',
      '../evil/ lies outside of the bag',
      '/etc/ lies outside of the bag',
      'bag/../../evil/ lies outside of the bag',
    ]);
  });
});
