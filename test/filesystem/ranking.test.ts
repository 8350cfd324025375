import { expect } from 'chai';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { rankOf } from '../../src/filesystem/ranking.ts';

const facts = { type: 'file', mode: '0644', uid: 0, gid: 0, size: 1, mtime: '', ctime: '' } as const;
const change = (path: string, more: Partial<Change> = {}): Change => ({
  ...facts,
  path,
  change: 'added',
  flags: [],
  ...more,
});

describe('the rank of a change', () => {
  it('falls from what loads into every program to what the runtime made', () => {
    const order = [
      change('/etc/ld.so.preload'),
      change('/tmp/.x', { mode: '04755', flags: ['setuid'] }),
      change('/usr/bin/curl', { change: 'modified', content: 'elf', before: facts }),
      change('/etc/cron.d/x'),
      change('/tmp/miner', { content: 'elf', flags: ['executable'] }),
      change('/srv/page.html', { change: 'modified', before: facts }),
      change('/tmp/log'),
      change('/etc/x', { change: 'deleted' }),
      change('/bin/su', { change: 'touched', content: 'elf', before: facts }),
      change('/var/log/x', { change: 'touched', before: facts }),
      change('/etc/ld.so.preload', { flags: ['runtime'] }),
    ];
    const ranks = order.map(rankOf);
    expect(ranks).to.deep.equal([...new Set(ranks)].sort((a, b) => b - a));
  });
  it('counts a setuid bit that the image has already for less', () => {
    const flags = ['setuid'] as const;
    const had = change('/bin/su', {
      change: 'modified',
      mode: '04755',
      flags,
      before: { ...facts, mode: '04755' },
    });
    expect(rankOf(change('/bin/su', { ...had, before: facts }))).to.be.above(
      rankOf({ ...had, path: '/opt/su' }),
    );
  });
});
