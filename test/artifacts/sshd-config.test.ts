import { expect } from 'chai';
import { parseSshdConfig } from '../../src/artifacts/sshd-config.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `# a remark
Include /etc/ssh/sshd_config.d/*.conf
PermitRootLogin=yes
  authorizedkeysfile	.ssh/authorized_keys /etc/keys/%u
Banner "/etc/issue net"
Match User jo Address 198.51.100.0/24
  PasswordAuthentication yes
UsePAM
`;

describe('parseSshdConfig', () => {
  it('reads settings and the block they are in', () =>
    expect([...parseSshdConfig(Buffer.from(sample))]).to.deep.equal([
      { keyword: 'include', value: Buffer.from('/etc/ssh/sshd_config.d/*.conf') },
      { keyword: 'permitrootlogin', value: Buffer.from('yes') },
      { keyword: 'authorizedkeysfile', value: Buffer.from('.ssh/authorized_keys /etc/keys/%u') },
      { keyword: 'banner', value: Buffer.from('/etc/issue net') },
      {
        keyword: 'passwordauthentication',
        value: Buffer.from('yes'),
        match: Buffer.from('User jo Address 198.51.100.0/24'),
      },
      { malformed: 'no setting of sshd', offset: sample.indexOf('UsePAM') },
    ]));

  it('ends soon on long lines', () => survivesLongLines(parseSshdConfig, 'A '));

  it('survives hostile bytes', () => survivesHostileBytes(parseSshdConfig, sample));
});
