import { expect } from 'chai';
import { JournalNumbers } from '../../src/artifacts/journal-numbers.ts';
import { LogBook } from '../../src/findings/log-book.ts';
import { journalOf } from './traces-lab.ts';

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
  it('takes journals by their header and numbers, and tells what is none', () => {
    const book = new LogBook();
    const add = (name: string, bytes: Buffer, came = true): boolean => {
      const numbers = new JournalNumbers(bytes.length);
      numbers.push(bytes);
      return book.addJournal(`[root]/var/log/journal/m/${name}`, source, numbers, came);
    };
    expect(add('a.journal', journalOf(1, 5))).to.equal(true);
    expect(add('c.journal', journalOf(6, 9), false)).to.equal(true);
    expect([...book.unread]).to.deep.equal([]);
    expect(add('b.journal', Buffer.from('LPKS'))).to.equal(false);
    expect([...book.unread]).to.deep.equal(['/var/log/journal/m']);
    expect(
      book.journals.map(({ value }) => [value.path, value.lastSeqnum, value.held, value.whole]),
    ).to.deep.equal([
      ['/var/log/journal/m/a.journal', 5n, 5n, true],
      ['/var/log/journal/m/c.journal', 9n, 4n, false],
    ]);
  });
  it('keeps of the audit trail what it says of itself', () => {
    const book = new LogBook();
    const record = (type: string) => ({ type, time: 't', serial: 1, fields: new Map<string, Buffer>() });
    for (const type of ['SYSCALL', 'DAEMON_END', 'CONFIG_CHANGE', 'USER_LOGIN'])
      book.addAudit(source, record(type));
    expect(book.audit.map(({ value }) => value.type)).to.deep.equal(['DAEMON_END', 'CONFIG_CHANGE']);
  });
});
