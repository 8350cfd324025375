import { expect } from 'chai';
import { parseCrontab } from '../../../src/artifacts/crontab.ts';
import { enteredKinds } from '../../../src/artifacts/kinds/entered.ts';
import { parseSudoers } from '../../../src/artifacts/sudoers.ts';
import { parseUnit } from '../../../src/artifacts/unit.ts';
import { parseLogins } from '../../../src/artifacts/utmp.ts';
import { cellsOf } from './kind-lab.ts';

describe('kinds of who entered', () => {
  it('each say what they are', () => {
    for (const { name, summary, columns } of enteredKinds) {
      expect(name).to.match(/^[a-z]+$/);
      expect(summary).to.match(/^[a-z]/);
      expect(columns).not.to.be.empty;
    }
  });

  it('show logins of all files alike', () => {
    const record = Buffer.alloc(384);
    record.writeInt16LE(7, 0);
    record.writeInt32LE(42, 4);
    record.write('pts/0', 8);
    record.write('jo\u001b', 44);
    record.write('198.51.100.7', 76);
    record.writeUInt32LE(1_763_000_000, 340);
    expect(
      cellsOf('logins', [
        ...parseLogins(record),
        { uid: 0, time: '2025-11-13T02:13:20Z', line: Buffer.from('tty1'), host: Buffer.from('') },
        { user: 'jo', time: '2025-11-13T02:13:20Z' },
        { type: 'boot', user: 'reboot', start: '2025-11-13T02:13:20.000000Z' },
        { user: 'jo', uid: 1000, remote: true, remoteHost: '198.51.100.7', leader: 7 },
      ]),
    ).to.deep.equal([
      ['2025-11-13T02:13:20.000000Z', 'user', 'jo\\x1b', 'pts/0', '198.51.100.7', '42'],
      ['2025-11-13T02:13:20Z', 'last', 'uid 0', 'tty1', '-', '-'],
      ['2025-11-13T02:13:20Z', 'last', 'jo', '-', '-', '-'],
      ['2025-11-13T02:13:20.000000Z', 'boot', 'reboot', '-', '-', '-'],
      ['-', 'session', 'jo', '-', '198.51.100.7', '7'],
    ]);
  });

  it('show what starts by itself', () => {
    const crontab = parseCrontab(
      Buffer.from('A=b\n* * * * * id\n'),
      Buffer.from('/var/spool/cron/crontabs/jo'),
    );
    expect(cellsOf('cron', crontab)).to.deep.equal([
      ['setting', '-', 'A= b'],
      ['* * * * *', 'jo', 'id'],
    ]);
    const unit = '[Service]\nExecStartPre=/a\nExecStart=/b\nUser=jo\n[Install]\nWantedBy=x.target\n';
    expect(cellsOf('units', parseUnit(Buffer.from(unit), Buffer.from('/x.service')))).to.deep.equal([
      ['x.service', '/a /b', 'x.target', 'jo', '-'],
    ]);
    expect(cellsOf('sudo', parseSudoers(Buffer.from('jo ALL=(root) NOPASSWD: ALL\n')))).to.deep.equal([
      ['rule', 'jo', 'root', 'NOPASSWD', 'ALL'],
    ]);
  });
});
