import { expect } from 'chai';
import { filesLike, isWritableByOthers, lastOf, valuesOf } from '../../src/findings/settings.ts';
import { bookOf, bookOfLooks } from './traces-lab.ts';

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
  it('tell each value that any look found, once', () => {
    const name = '[root]/proc/sys/kernel/modprobe';
    const looks = ['/tmp/x\n', '/sbin/modprobe\n', '/tmp/x\n'].map((text) => ({ [name]: text }));
    expect(valuesOf(bookOfLooks(looks).traces(), name).map(({ value }) => value)).to.deep.equal([
      '/tmp/x',
      '/sbin/modprobe',
    ]);
  });
  it('know where others may write', () => {
    for (const path of [
      '/tmp/x',
      '/dev/shm/x',
      '/proc/7/root/x',
      '/var/lib/containerd/s/fs/x',
      '/usr/bin/../../tmp/x',
      '//tmp/x',
      '/./dev//shm/x',
    ])
      expect(isWritableByOthers(path), path).to.equal(true);
    for (const path of ['/usr/bin/x', '/opt/tmp', '/usr/lib/systemd/systemd-coredump'])
      expect(isWritableByOthers(path), path).to.equal(false);
  });
});
