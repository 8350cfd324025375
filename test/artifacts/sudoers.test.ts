import { expect } from 'chai';
import { parseSudoers } from '../../src/artifacts/sudoers.ts';
import { survivesHostileBytes, survivesLongLines, survivesManyLines } from './hostile.ts';

const sample = `# a remark
Defaults	env_reset
User_Alias OPS = jo, ann
@includedir /etc/sudoers.d
#include /etc/x
root	ALL=(ALL:ALL) ALL
%sudo ALL = (ALL) NOPASSWD: SETENV: /usr/bin/a, \\
  /usr/bin/b # why
#1000 host1,host2 = /bin/id
nothing
`;

describe('parseSudoers', () => {
  it('reads rules, aliases, defaults and includes', () => {
    const read = [...parseSudoers(Buffer.from(sample))].map((one) =>
      Object.values(one).map((value) => (Array.isArray(value) ? value.join('+') : String(value))),
    );
    expect(read).to.deep.equal([
      ['default', 'Defaults	env_reset'],
      ['alias', 'User_Alias OPS = jo, ann'],
      ['include', '@includedir /etc/sudoers.d'],
      ['include', '#include /etc/x'],
      ['rule', 'root', 'ALL', 'ALL:ALL', '', 'ALL'],
      ['rule', '%sudo', 'ALL', 'ALL', 'NOPASSWD+SETENV', '/usr/bin/a,    /usr/bin/b'],
      ['rule', '#1000', 'host1,host2', 'root', '', '/bin/id'],
      ['no statement of sudoers', String(sample.indexOf('nothing'))],
    ]);
  });

  it('takes a rule that goes on behind the end of the file', () =>
    expect(
      [...parseSudoers(Buffer.from('jo ALL = NOPASSWD: \\\nALL \\'))].map(({ ...one }) => one),
    ).to.deep.equal([
      {
        kind: 'rule',
        who: Buffer.from('jo'),
        hosts: Buffer.from('ALL'),
        as: Buffer.from('root'),
        tags: ['NOPASSWD'],
        commands: Buffer.from('ALL'),
      },
    ]));

  it('ends soon on lines that all go on in the next one', () => survivesManyLines(parseSudoers, '\\\n', 1));

  it('ends soon on long lines', () => survivesLongLines(parseSudoers, 'root ALL = ', 'root '));

  it('survives hostile bytes', () => survivesHostileBytes(parseSudoers, sample));
});
