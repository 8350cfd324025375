import { expect } from 'chai';
import { changesOf } from '../../src/filesystem/changes.ts';
import { blindDiff } from '../../src/filesystem/container-diff.ts';
import { besideRows, processReason } from '../../src/filesystem/present-beside.ts';
import { target } from './sample-diff.ts';

const facts = { uid: 0, gid: 0, size: 9, mtime: '', ctime: '2026-11-22T04:12:07.112345678Z' } as const;

describe('what stands beside the comparison of disks', () => {
  it('is in rows, what matters first', () => {
    const entries = [
      { ...facts, path: '/cache/x', type: 'file', mode: '0755' },
      { ...facts, path: '/cache/text', type: 'file', mode: '0644' },
      { ...facts, path: '/cache/d', type: 'directory', mode: '0755' },
    ] as const;
    const cache = { path: '/cache', type: 'tmpfs', source: 'tmpfs', readOnly: false };
    const rows = besideRows({
      ...blindDiff(target, []),
      changes: changesOf([]),
      processes: [{ pid: 7, name: 'm', executable: '/tmp/m', reason: 'changed', size: 5 }],
      openFiles: [{ pid: 7, descriptor: 3, path: '/tmp/loot', reason: 'deleted', size: 11 }],
      namespaces: [
        { pids: [8, 9], namespace: '402', mounts: [cache, ...Array.from({ length: 6 }, () => cache)] },
        { pids: [10], namespace: '403', mounts: [] },
      ],
      mounts: [
        { ...cache, content: { newer: 3, readFrom: 'process', entries } },
        { ...cache, path: '/quiet', content: { newer: 0, readFrom: 'node', entries: [] } },
        { ...cache, path: '/unread' },
      ],
    });
    expect(rows.map(({ cells }) => cells.slice(1, 4))).to.deep.equal([
      ['process', 'pid 7', 'runs a file that is not of the image, /tmp/m'],
      [
        'mounts',
        'pid 8, 9',
        `sees mounts of its own: ${Array(5).fill('/cache (tmpfs)').join(', ')} and 2 more`,
      ],
      ['mounts', 'pid 10', 'mount namespace of its own'],
      ['volume', '/cache/x', 'executable on a volume'],
      ['open', 'pid 7 fd 3', 'deleted but open, /tmp/loot'],
      ['volume', '/cache', '3 entries newer than the pod, tmpfs'],
    ]);
  });
  it('tells memory from deleted files', () => {
    const process = { pid: 1, name: 'x', executable: '/memfd:k', reason: 'memfd', size: 1 } as const;
    expect(processReason(process)).to.equal('runs from memory only, /memfd:k');
    expect(processReason({ ...process, executable: '/tmp/k', reason: 'deleted' })).to.equal(
      'runs a deleted file, /tmp/k',
    );
  });
});
