import { expect } from 'chai';
import { filesLike, lastOf, writableByOthers } from '../../src/findings/settings.ts';
import { bookOf } from './traces-lab.ts';

const traces = bookOf({
  '[root]/etc/cron.d/b': 'x',
  '[root]/etc/cron.d/a': 'y',
  '[root]/proc/sys/kernel/modprobe': '/sbin/modprobe\n',
}).traces();

describe('small files', () => {
  it('are found by their names, in order', () => {
    expect(filesLike(traces, /cron/).map(({ value }) => value.path)).to.deep.equal([
      '/etc/cron.d/a',
      '/etc/cron.d/b',
    ]);
    expect(lastOf(traces, '[root]/proc/sys/kernel/modprobe')?.value).to.equal('/sbin/modprobe');
    expect(lastOf(traces, '[root]/x')).to.equal(undefined);
  });
  it('know where others may write', () => {
    for (const path of [
      '/tmp/x',
      '/dev/shm/x',
      '/proc/7/root/x',
      '/var/lib/containerd/s/fs/x',
      '/usr/bin/../../tmp/x',
    ])
      expect(writableByOthers.test(path), path).to.equal(true);
    for (const path of ['/usr/bin/x', '/opt/tmp', '/usr/lib/systemd/systemd-coredump'])
      expect(writableByOthers.test(path), path).to.equal(false);
  });
});
