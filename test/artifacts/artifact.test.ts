import { expect } from 'chai';
import { isOf, withoutChoices } from '../../src/artifacts/artifact.ts';

function matches(pattern: string, name: string): boolean {
  const artifact = {
    name: '',
    tier: 'config',
    where: [pattern],
    limit: '1Mi',
    why: '',
    references: [],
  } as const;
  return isOf(artifact, Buffer.from(name, 'latin1'));
}

describe('isOf', () => {
  for (const [pattern, name, expected] of [
    ['/etc/passwd', '[root]/etc/passwd', true],
    ['/etc/passwd', '/etc/passwd', false],
    ['/etc/passwd', '[root]/etc/passwd-', false],
    ['/etc/cron.d/*', '[root]/etc/cron.d/x\n-rf \x1b[2J', true],
    ['/etc/cron.d/*', '[root]/etc/cron.d/x/y', false],
    ['/etc/cron.d/*', '[root]/etc/cronXd/x', false],
    ['/etc/systemd/**/*', '[root]/etc/systemd/a', true],
    ['/etc/systemd/**/*', '[root]/etc/systemd/a/b/c.service', true],
    ['/etc/systemd/**/*', '[root]/etc/systemdx/a', false],
    ['~/.ssh/rc', '[root]/root/.ssh/rc', true],
    ['~/.ssh/rc', '[root]/home/a/.ssh/rc', true],
    ['~/.ssh/rc', '[root]/.ssh/rc', false],
    ['/proc/{,*/}net/tcp', '[root]/proc/net/tcp', true],
    ['/proc/{,*/}net/tcp', '[root]/proc/17/net/tcp', true],
    ['/proc/{,*/}net/tcp', '[root]/proc/17/x/net/tcp', false],
    ['live_response/process/*/exe', 'live_response/process/17/exe', true],
  ] as const)
    it(`${pattern} ${expected ? 'is' : 'is not'} ${JSON.stringify(name)}`, () =>
      expect(matches(pattern, name)).to.equal(expected));
});

describe('withoutChoices', () => {
  it('makes every choice', () =>
    expect(withoutChoices('/var/log/{wtmp,btmp}{,.1}')).to.deep.equal([
      '/var/log/wtmp',
      '/var/log/wtmp.1',
      '/var/log/btmp',
      '/var/log/btmp.1',
    ]));
});
