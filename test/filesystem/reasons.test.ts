import { expect } from 'chai';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { reasonsOf } from '../../src/filesystem/reasons.ts';

const facts = { type: 'file', mode: '0644', uid: 0, gid: 0, size: 1, mtime: '', ctime: '' } as const;
const change = (path: string, more: Partial<Change>): Change => ({
  ...facts,
  path,
  change: 'added',
  flags: [],
  ...more,
});

describe('why a change matters', () => {
  for (const [path, more, reason] of [
    ['/tmp/x', {}, ''],
    ['/tmp/.x', { flags: ['setuid', 'executable'], content: 'elf' }, 'setuid, ELF executable'],
    ['/srv/up.php', {}, 'script in a web root'],
    ['/var/www/a', { content: 'script' }, 'script in a web root'],
    ['/srv/page.html', {}, ''],
    ['/etc/ld.so.preload', {}, 'decides what every program loads'],
    ['/etc/cron.d/job', {}, 'scheduled job'],
    ['/root/.ssh/authorized_keys', {}, 'SSH access'],
    ['/etc/x', { change: 'metadata', before: { ...facts, uid: 5 } }, 'owner 5:0 -> 0:0'],
    [
      '/etc/x',
      { change: 'metadata', mode: '0666', before: facts, flags: ['world-writable'] },
      'mode 0644 -> 0666',
    ],
    [
      '/etc/x',
      { change: 'typechanged', before: { ...facts, type: 'directory' } },
      'was a directory, now file',
    ],
    ['/l', { change: 'modified', type: 'symlink' }, 'symlink differs'],
    ['/d', { change: 'deleted', type: 'directory', below: 3 }, 'directory with 3 entries in it'],
    ['/bin/ping', { change: 'metadata', before: facts, flags: ['capabilities'] }, 'file capabilities'],
    [
      '/x',
      { change: 'touched', flags: ['not-compared', 'shadowed'] },
      'content not compared, hidden under a mount',
    ],
  ] as const)
    it(`${path}: ${reason}`, () => expect(reasonsOf(change(path, more))).to.equal(reason));
});
