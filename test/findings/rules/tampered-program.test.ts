import { expect } from 'chai';
import { tamperedProgram } from '../../../src/findings/rules/tampered-program.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule tampered-program', () => {
  it("finds a program that is not its package's", () => {
    expect(
      seenBy(tamperedProgram, {
        'live_response/packages/programs.md5': `${'2'.repeat(32)}  usr/sbin/sshd\n`,
      }),
    ).to.deep.equal(['critical: its md5 is not that of its package']);
  });
  it('knows a merged /usr, diverted files, and programs of no package', () => {
    expect(
      seenBy(tamperedProgram, {
        'live_response/packages/programs.md5': `${'2'.repeat(32)}  usr/bin/x\n${'3'.repeat(32)}  usr/bin/ls\n${'4'.repeat(32)}  opt/bin/y\n`,
        '[root]/var/lib/dpkg/info/x.md5sums': `${'1'.repeat(32)}  usr/bin/x\n${'3'.repeat(32)}  bin/ls\n`,
        '[root]/var/lib/dpkg/diversions': '/usr/bin/x\n/usr/bin/x.distrib\nx\n',
      }),
    ).to.deep.equal([]);
  });
});
