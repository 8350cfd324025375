import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeLog } from '../../src/filesystem/change-log.ts';
import { Judgement } from '../../src/filesystem/judgement.ts';
import type { Blind, Change } from '../../src/filesystem/pod-diff.ts';
import { parseBatch } from '../../src/filesystem/walk.ts';
import type { MadeFile } from './walk-outputs.ts';
import { deletedSections, presentSections, token } from './walk-outputs.ts';

const root: MadeFile = { path: '', mode: '41ed' };
const base: MadeFile = { path: '/f', size: 3, modified: 50 };
const second = 1_000_000_000n;

interface Judged {
  /** In the order of their paths. */
  readonly changes: readonly Change[];
  readonly blind: readonly Blind[];
  readonly changed: ReadonlySet<string>;
}

async function judged(
  before: readonly MadeFile[],
  now: readonly MadeFile[],
  options: {
    readonly upper?: readonly MadeFile[];
    readonly more?: readonly string[];
    readonly points?: readonly string[];
    readonly started?: bigint;
    readonly complaints?: readonly string[];
    readonly watched?: readonly string[];
    readonly copy?: boolean;
    readonly incident?: bigint;
    readonly hashes?: Readonly<Record<string, string>>;
  } = {},
): Promise<Judged> {
  const { upper = now, more = [] } = options;
  const directory = await mkdtemp(join(tmpdir(), 'judgement-'));
  const log = await ChangeLog.open(directory);
  try {
    const trees = { upper: [root, ...upper], image: [root, ...before], container: [root, ...now], more };
    const judgement = new Judgement(
      log,
      { mountPoints: new Set(options.points), started: options.started },
      { watched: new Set(options.watched), copy: options.copy === true, incident: options.incident },
    );
    judgement.complaints(options.complaints ?? []);
    const gone = before.map(({ path }) => path).filter((path) => !now.some((file) => file.path === path));
    await judgement.batch(parseBatch('deleted', deletedSections(trees, gone), token));
    await judgement.batch(parseBatch('present', presentSections(trees), token));
    const hashes = judgement.renamedMaybe().map((path) => [path, options.hashes?.[path] ?? ''] as const);
    await judgement.finish(new Map(hashes));
    const changes: Change[] = [];
    for await (const change of log) changes.push(change);
    changes.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { changes, blind: judgement.blind, changed: judgement.changed };
  } finally {
    await log.close();
    await rm(directory, { recursive: true });
  }
}

const summary = ({ changes }: Pick<Judged, 'changes'>): string[] =>
  changes.map(({ change, path, flags }) => [change, path, ...flags].join(' '));

describe('the judgement of a change', () => {
  for (const [what, before, now, expected] of [
    ['the same file copied up', [base], [{ ...base, changed: 300 }], ['touched /f']],
    ['a new file', [], [base], ['added /f']],
    [
      'a new setuid program',
      [],
      [{ ...base, mode: '89ed', start: '\x7fELF' }],
      ['added /f setuid executable'],
    ],
    ['a program without the bit', [], [{ ...base, start: '\x7fELF' }], ['added /f executable']],
    [
      'other content, time put back',
      [base],
      [{ ...base, sha256: 'f'.repeat(64) }],
      ['modified /f mtime-spoofed'],
    ],
    ['other content, new time', [base], [{ ...base, modified: 60, sha256: 'f'.repeat(64) }], ['modified /f']],
    ['another size', [base], [{ ...base, size: 4, modified: 60 }], ['modified /f']],
    ['another mode', [base], [{ ...base, mode: '81b6' }], ['metadata /f world-writable']],
    ['another owner', [base], [{ ...base, uid: 7 }], ['metadata /f']],
    [
      'a file in place of a directory',
      [{ ...base, mode: '41ed' }],
      [{ ...base, modified: 1 }],
      ['typechanged /f'],
    ],
    [
      'another target',
      [{ path: '/f', target: 'a' }],
      [{ path: '/f', target: 'b', modified: 5 }],
      ['modified /f'],
    ],
    ['the same target', [{ path: '/f', target: 'a' }], [{ path: '/f', target: 'a' }], ['touched /f']],
    [
      'another device',
      [{ ...base, mode: '21a4', device: '1|3' }],
      [{ ...base, mode: '21a4', device: '1|5', modified: 9 }],
      ['modified /f'],
    ],
    [
      'a directory with other contents',
      [{ path: '/d', mode: '41ed' }],
      [{ path: '/d', mode: '41ed', modified: 9 }],
      [],
    ],
    ['a shared directory', [], [{ path: '/d', mode: '43ff' }], ['added /d']],
    ['an open directory', [], [{ path: '/d', mode: '41ff' }], ['added /d world-writable']],
  ] as const)
    it(what, async () => {
      const result = await judged(before, now);
      expect(summary(result)).to.deep.equal(expected);
      expect(result.blind).to.deep.equal([]);
    });

  it('says that a content was not compared, and never that it is the same', async () => {
    const result = await judged([base], [{ ...base, sha256: '' }]);
    expect(summary(result)).to.deep.equal(['touched /f not-compared']);
    expect(result.blind.map(({ what }) => what)).to.deep.equal(['/f']);
  });
  it('tells what was renamed by its content, with the directory and what else is in it', async () => {
    const old = [
      { path: '/old', mode: '41ed' },
      { path: '/old/a', size: 3 },
      { path: '/old/empty', mode: '41ed' },
      { path: '/old/l', target: 'x' },
    ];
    const now = old.map((file) => ({ ...file, path: file.path.replace('old', 'new') }));
    const sha = (3).toString(16).padStart(64, '0');
    const moved = await judged(old, now, { hashes: { '/old/a': sha } });
    expect(moved.changes.map(({ change, path, from }) => [change, path, from])).to.deep.equal([
      ['renamed', '/new', '/old'],
      ['renamed', '/new/a', '/old/a'],
      ['renamed', '/new/empty', '/old/empty'],
      ['renamed', '/new/l', '/old/l'],
    ]);
    const other = await judged(old, now, { hashes: { '/old/a': 'f'.repeat(64) } });
    expect(other.changes.find(({ path }) => path === '/new/a')?.change).to.equal('added');
    expect(other.changes.find(({ path }) => path === '/old')).to.include({ change: 'deleted', below: 1 });
  });
  it('takes in a full copy only what is another file for a change', async () => {
    const image = [base, { path: '/g', modified: 1 }, { path: '/gone' }];
    const { changes } = await judged(image, [base, { path: '/g', modified: 2 }], { copy: true });
    expect(summary({ changes })).to.deep.equal(['touched /g', 'deleted /gone']);
  });
  it('names the first of the names of one file', async () => {
    const now = ['/a', '/b', '/c'].map((path) => ({ path, links: 2, inode: path === '/b' ? 8 : 9 }));
    const { changes } = await judged([], now);
    expect(changes.map(({ hardLinkOf }) => hardLinkOf)).to.deep.equal([undefined, undefined, '/a']);
  });
  it('tells which of the watched paths have content of their own', async () => {
    const { changed } = await judged([base], [base, { path: '/g' }], { watched: ['/f', '/g', '/h'] });
    expect([...changed]).to.deep.equal(['/g']);
  });
  it('tells deletions by whiteout from those by an opaque directory, the topmost only', async () => {
    const directory: MadeFile = { path: '/d', mode: '41ed', modified: 77 };
    const whiteout: MadeFile = { path: '/d/a', mode: '2000' };
    const image = [directory, { path: '/d/a' }, { path: '/d/b', mode: '41ed' }, { path: '/d/b/c' }];
    const result = await judged(image, [directory], { upper: [directory, whiteout] });
    expect(result.changes[1]?.below).to.equal(1);
    expect(summary(result)).to.deep.equal(['deleted /d/a', 'deleted /d/b opaque']);
    expect(result.changes[0]?.notAfter).to.equal('1970-01-01T00:01:17.000000000Z');
  });
  it('keeps what the runtime made apart, until something is put into it', async () => {
    const made: MadeFile[] = [
      { path: '/data', mode: '41ed', changed: 1000 },
      { path: '/data/cache', mode: '41ed', changed: 1000 },
      { path: '/etc/hosts', size: 0, changed: 1000 },
    ];
    const surroundings = { points: ['/data/cache', '/etc/hosts'], started: 1000n * second };
    expect(summary(await judged([], made, surroundings))).to.deep.equal([
      'added /data runtime',
      'added /data/cache runtime',
      'added /etc/hosts runtime',
    ]);
    const used = [...made, { path: '/data/loot', changed: 1001 }];
    expect(summary(await judged([], used, surroundings)))
      .to.include('added /data')
      .and.include('added /data/loot');
    const late = made.map((file) => ({ ...file, changed: 1003 }));
    expect(summary(await judged([], late, surroundings)).join()).not.to.include('runtime');
    const full = [{ path: '/etc/hosts', size: 1, changed: 1000 }];
    expect(summary(await judged([], full, surroundings))).to.deep.equal(['added /etc/hosts shadowed']);
    expect(summary(await judged([], made, { points: surroundings.points })).join()).not.to.include('runtime');
  });
  it('marks what changed since the incident began, to the nanosecond', async () => {
    const files = [199, 200, 201].map((changed) => ({ path: `/f${changed}`, changed }));
    expect(summary(await judged([], files, { incident: 200n * second }))).to.deep.equal([
      'added /f199',
      'added /f200 since-incident',
      'added /f201 since-incident',
    ]);
    expect(summary(await judged([], files)).join()).not.to.include('since');
  });
  it('marks what a mount hides', async () => {
    expect(
      summary(
        await judged([], [{ path: '/opt/hide/tool' }, { path: '/opt/hidden' }], { points: ['/opt/hide'] }),
      ),
    ).to.deep.equal(['added /opt/hidden', 'added /opt/hide/tool shadowed']);
  });
  it('is blind, not wrong, where sides contradict each other', async () => {
    const complaints = Array.from({ length: 30 }, (_, i) => `find: /x${i}: File name too long`);
    const { changes, blind } = await judged([], [base], {
      more: ['/new'],
      complaints: [...complaints, ...complaints],
    });
    expect(changes.map(({ path }) => path)).to.deep.equal(['/f']);
    expect(blind).to.have.length(21);
    expect(blind[0]?.what).to.equal('find: /x0: File name too long');
    expect(blind[20]?.what).to.equal('11 more paths');
    expect((await judged([], [], { more: ['/new'] })).blind[0]?.what).to.equal('/new');
  });
  it('does not believe a writable layer that belongs to gVisor', async () => {
    const { blind } = await judged([], [{ path: '/.gvisor.filestore.abc', size: 9 }]);
    expect(blind[0]?.why).to.match(/^gVisor keeps/);
  });
});
