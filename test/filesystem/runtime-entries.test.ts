import { expect } from 'chai';
import { RuntimeEntries } from '../../src/filesystem/runtime-entries.ts';
import { parseBatch } from '../../src/filesystem/walk.ts';
import type { MadeFile } from './walk-outputs.ts';
import { presentSections, token } from './walk-outputs.ts';

const second = 1_000_000_000n;
const started = 1000n * second;
const directory = (path: string, changed = 1000): MadeFile => ({ path, mode: '41ed', changed });
const file = (path: string, size = 0, changed = 1000): MadeFile => ({ path, size, changed });

/** Whether the runtime made the first of these files; they are all that the container has. */
function byRuntime(
  files: readonly MadeFile[],
  points: readonly string[],
  more: { readonly started?: bigint | undefined; readonly names?: readonly string[] } = {},
): boolean {
  const { container } = parseBatch(
    'present',
    presentSections({ upper: [], image: [], container: files }),
    token,
  );
  const entries = new RuntimeEntries<string>({ mountPoints: new Set(points), started, ...more });
  for (const [raw, entry] of container) entries.added(raw, entry, raw);
  for (const raw of more.names ?? []) entries.other(raw);
  return entries.made().includes(files[0]?.path ?? '');
}

describe('what the runtime made', () => {
  for (const [what, files, points] of [
    ['an empty file under a mount', [file('/etc/hosts')], ['/etc/hosts']],
    ['an empty directory under a mount', [directory('/data')], ['/data']],
    ['a directory on the way to one', [directory('/a'), directory('/a/b')], ['/a/b']],
    [
      'a long way with two ends',
      [directory('/a'), directory('/a/b'), directory('/a/b/c'), file('/a/b/f')],
      ['/a/b/c', '/a/b/f'],
    ],
    ['a way whose end is not seen', [directory('/a')], ['/a/b']],
    ['just before the tolerance ends', [directory('/data', 1002)], ['/data']],
    ['long before the start', [directory('/data', 0)], ['/data']],
    ['a mount point with hostile bytes', [directory('/d\n\xff\x1b')], ['/d\n\xff\x1b']],
    ['a directory whose neighbour has a longer name', [directory('/a'), file('/ab', 9)], ['/a']],
  ] as const)
    it(`is ${what}`, () => expect(byRuntime(files, points)).to.equal(true));

  for (const [what, files, points] of [
    ['changed after the tolerance', [directory('/data', 1003)], ['/data']],
    ['a file with content', [file('/etc/hosts', 1)], ['/etc/hosts']],
    ['an empty file without a mount', [file('/etc/hosts')], ['/etc/host']],
    ['an empty file on the way to a mount', [file('/a')], ['/a/b']],
    ['a directory without a mount', [directory('/data')], ['/dat', '/data2', '/x/data']],
    ['a directory below a mount', [directory('/data/x')], ['/data']],
    ['a link at a mount point', [{ path: '/data', target: '/x', changed: 1000 }], ['/data']],
    ['a device at a mount point', [{ path: '/d', mode: '21a4', changed: 1000 }], ['/d']],
    ['a directory with a file put into it', [directory('/a'), directory('/a/b'), file('/a/loot')], ['/a/b']],
    [
      'a directory with a file put in far below',
      [directory('/a'), directory('/a/b'), directory('/a/b/c'), file('/a/b/loot', 7)],
      ['/a/b/c'],
    ],
    ['a mount point that hides a file', [directory('/data'), file('/data/tool', 9)], ['/data']],
    ['a directory with a later directory in it', [directory('/a'), directory('/a/b', 1003)], ['/a/b']],
    ['a directory with a hostile name in it', [directory('/a'), file('/a/\n', 1)], ['/a']],
  ] as const)
    it(`is not ${what}`, () => expect(byRuntime(files, points)).to.equal(false));

  it('is not known without a start', () => {
    expect(byRuntime([directory('/data', 0)], ['/data'], { started: undefined })).to.equal(false);
  });
  it('is not a directory with a name in it that could not be read', () => {
    expect(byRuntime([directory('/data')], ['/data'], { names: ['/data/loot'] })).to.equal(false);
  });
});
