import { expect } from 'chai';
import { LogBook } from '../../src/findings/log-book.ts';
import { journalHead } from './traces-lab.ts';

const source = { acquisition: 'a', item: 1, name: 'n' };
const times = { size: 1, modified: 2, changed: 3 };

describe('log book', () => {
  it('takes text logs of the node with their metadata, and nothing else', () => {
    const book = new LogBook();
    for (const name of ['syslog', 'audit/audit.log', 'pods/a_b_c/d/0.log', 'journal/m/system.journal'])
      book.addItem(`[root]/var/log/${name}`, source, times);
    book.addItem('[root]/etc/passwd', source, times);
    book.addItem('[root]/var/log/kern.log', source, { size: 1 });
    expect(book.files.map(({ value }) => value.path)).to.deep.equal([
      '/var/log/syslog',
      '/var/log/audit/audit.log',
    ]);
  });
  it('reads headers of journals, and tells what is none', () => {
    const book = new LogBook();
    expect(book.addJournal('[root]/var/log/journal/m/a.journal', source, journalHead(1, 5))).to.equal(true);
    expect(book.addJournal('[root]/var/log/journal/m/b.journal', source, Buffer.from('LPKS'))).to.equal(
      false,
    );
    expect(
      book.journals.map(({ value }) => [value.path, value.lastSeqnum, value.sequence.slice(0, 2)]),
    ).to.deep.equal([['/var/log/journal/m/a.journal', 5n, '01']]);
  });
  it('keeps of the audit trail what it says of itself', () => {
    const book = new LogBook();
    const record = (type: string) => ({ type, time: 't', serial: 1, fields: new Map<string, Buffer>() });
    for (const type of ['SYSCALL', 'DAEMON_END', 'CONFIG_CHANGE', 'USER_LOGIN'])
      book.addAudit(source, record(type));
    expect(book.audit.map(({ value }) => value.type)).to.deep.equal(['DAEMON_END', 'CONFIG_CHANGE']);
  });
});
