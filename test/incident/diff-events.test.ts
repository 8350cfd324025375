import { expect } from 'chai';
import fc from 'fast-check';
import { objectOf } from '../../src/artifacts/json.ts';
import type { PodDiffPiece } from '../../src/artifacts/pod-diff.ts';
import { DiffEvents } from '../../src/incident/diff-events.ts';

function eventsOf(
  ...pieces: readonly PodDiffPiece[]
): ReturnType<DiffEvents['of']> extends Generator<infer E> ? E[] : never {
  const made = new DiffEvents({ node: 'node-a' });
  return pieces.flatMap((piece) => [...made.of(piece)]);
}

const pod = { kind: 'pod', pod: { namespace: 'prod', name: 'shop' } } as const;
const container = { kind: 'container', container: { name: 'web' } } as const;

describe('DiffEvents', () => {
  it('say when a path was touched first, and what its own time claims', () => {
    const change = {
      path: '/usr/bin/curl',
      change: 'modified',
      type: 'file',
      mode: '04755',
      size: 7,
      ctime: '2026-11-22T04:12:07.112Z',
      mtime: '2020-01-01T00:00:00Z',
      flags: ['setuid', 'mtime-spoofed'],
    };
    const found = eventsOf(pod, container, { kind: 'change', change });
    expect(found.map(({ time, what, message }) => [time, what, message])).to.deep.equal([
      [
        '2026-11-22T04:12:07.112Z',
        'Metadata Modification Time',
        'modified /usr/bin/curl (setuid, mtime-spoofed)',
      ],
      [
        '2020-01-01T00:00:00Z',
        'Content Modification Time',
        'last change, which the container can set, of modified /usr/bin/curl (setuid, mtime-spoofed)',
      ],
    ]);
    expect(found[0]).to.deep.include({
      pod: 'prod/shop',
      container: 'web',
      node: 'node-a',
      path: '/usr/bin/curl',
    });
    expect(found[0]?.file).to.deep.equal({
      inode: '0',
      mode: '-rwsr-xr-x',
      uid: 0,
      gid: 0,
      size: 7,
      times: 'c',
    });
  });

  it('say that a deletion happened by a time', () => {
    const change = {
      path: '/etc/motd',
      change: 'deleted',
      type: 'file',
      notAfter: '2026-11-22T04:12:11Z',
      flags: [],
    };
    expect(eventsOf(pod, container, { kind: 'change', change })).to.have.length(1);
    expect(eventsOf({ kind: 'change', change })[0]).to.include({ what: 'Deleted At The Latest' });
  });

  it('have programs without a file, and files on volumes', () => {
    const found = eventsOf(pod, {
      kind: 'container',
      container: {
        name: 'web',
        processes: [
          {
            pid: 17,
            name: 'sh',
            executable: '/tmp/a\\x0a',
            reason: 'deleted',
            started: '2026-11-22T04:12:00Z',
          },
        ],
        mounts: [
          {
            content: {
              entries: [
                { path: '/dev/shm/x', type: 'directory', mode: '1777', ctime: '2026-11-22T04:13:00Z' },
              ],
            },
          },
        ],
      },
    });
    expect(found.map(({ message, path }) => [message, path])).to.deep.equal([
      ['started sh, whose file is deleted: /tmp/a\\x0a', '/tmp/a\\x0a'],
      ['volume /dev/shm/x', '/dev/shm/x'],
    ]);
    expect(found[1]?.file?.mode).to.equal('drwxrwxrwt');
  });

  it('live through anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const object = objectOf(one) ?? {
          processes: [one],
          mounts: [other],
          path: one,
          ctime: other,
          mode: one,
        };
        eventsOf(
          { kind: 'pod', pod: object },
          { kind: 'container', container: object },
          { kind: 'change', change: object },
        );
      }),
    );
  });
});
