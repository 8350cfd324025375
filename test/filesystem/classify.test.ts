import { expect } from 'chai';
import { classify } from '../../src/filesystem/classify.ts';
import type { Classification } from '../../src/filesystem/classify.ts';
import { parseWalk } from '../../src/filesystem/walk.ts';
import type { MadeFile } from './walk-outputs.ts';
import { token, walkOutputs } from './walk-outputs.ts';

const root: MadeFile = { path: '', mode: '41ed' };
const base: MadeFile = { path: '/f', size: 3, modified: 50 };
const second = 1_000_000_000n;

function judged(
  before: readonly MadeFile[],
  now: readonly MadeFile[],
  options: {
    readonly upper?: readonly MadeFile[];
    readonly points?: readonly string[];
    readonly started?: bigint;
  } = {},
): Classification {
  const walk = parseWalk(
    walkOutputs({ upper: options.upper ?? now, image: [root, ...before], container: [root, ...now] }),
    token,
  );
  return classify(walk, { mountPoints: new Set(options.points), started: options.started });
}

const summary = ({ changes }: Classification): string[] =>
  changes.map(({ change }) => [change.change, change.path, ...change.flags].join(' '));

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
    it(what, () => {
      const result = judged(before, now);
      expect(summary(result)).to.deep.equal(expected);
      expect(result.blind).to.deep.equal([]);
    });

  it('says that a content was not compared, and never that it is the same', () => {
    const result = judged([base], [{ ...base, sha256: '' }]);
    expect(summary(result)).to.deep.equal(['touched /f not-compared']);
    expect(result.blind.map(({ what }) => what)).to.deep.equal(['/f']);
  });
  it('tells deletions by whiteout from those by an opaque directory, the topmost only', () => {
    const directory: MadeFile = { path: '/d', mode: '41ed', modified: 77 };
    const whiteout: MadeFile = { path: '/d/a', mode: '2000' };
    const image = [directory, { path: '/d/a' }, { path: '/d/b', mode: '41ed' }, { path: '/d/b/c' }];
    const result = judged(image, [directory], { upper: [directory, whiteout] });
    expect(summary(result)).to.deep.equal(['deleted /d/a', 'deleted /d/b opaque']);
    expect(result.changes[0]?.change.notAfter).to.equal('1970-01-01T00:01:17.000000000Z');
  });
  it('keeps what the runtime made apart, until something is put into it', () => {
    const made: MadeFile[] = [
      { path: '/data', mode: '41ed', changed: 1000 },
      { path: '/data/cache', mode: '41ed', changed: 1000 },
      { path: '/etc/hosts', size: 0, changed: 1000 },
    ];
    const surroundings = { points: ['/data/cache', '/etc/hosts'], started: 1000n * second };
    expect(summary(judged([], made, surroundings))).to.deep.equal([
      'added /data runtime',
      'added /data/cache runtime',
      'added /etc/hosts runtime',
    ]);
    const used = [...made, { path: '/data/loot', changed: 1001 }];
    expect(summary(judged([], used, surroundings)))
      .to.include('added /data')
      .and.include('added /data/loot');
    const late = made.map((file) => ({ ...file, changed: 1003 }));
    expect(summary(judged([], late, surroundings)).join()).not.to.include('runtime');
    const full = [{ path: '/etc/hosts', size: 1, changed: 1000 }];
    expect(summary(judged([], full, surroundings))).to.deep.equal(['added /etc/hosts shadowed']);
    expect(summary(judged([], made, { points: surroundings.points })).join()).not.to.include('runtime');
  });
  it('marks what a mount hides', () => {
    expect(
      summary(judged([], [{ path: '/opt/hide/tool' }, { path: '/opt/hidden' }], { points: ['/opt/hide'] })),
    ).to.deep.equal(['added /opt/hidden', 'added /opt/hide/tool shadowed']);
  });
  it('is blind, not wrong, where sides contradict each other', () => {
    const outputs = walkOutputs({
      upper: [],
      image: [root],
      container: [root, base],
      more: { image: ['/f', '/gone'], container: ['/new'] },
    });
    outputs.set('walk.errors', Buffer.from(`find: ${token}/x: File name too long\n`.repeat(3)));
    const { changes, blind } = classify(parseWalk(outputs, token), {
      mountPoints: new Set(),
      started: undefined,
    });
    expect(changes).to.deep.equal([]);
    expect(blind.map(({ what }) => what)).to.deep.equal([
      'find: /x: File name too long',
      '/f',
      '/gone',
      '/new',
    ]);
  });
  it('does not believe a writable layer that belongs to gVisor', () => {
    const { blind } = judged([], [{ path: '/.gvisor.filestore.abc', size: 9 }]);
    expect(blind[0]?.why).to.match(/^gVisor keeps/);
  });
});
