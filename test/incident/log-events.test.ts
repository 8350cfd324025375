import { expect } from 'chai';
import type { ParserName } from '../../src/artifacts/artifact.ts';
import { parseAudit } from '../../src/artifacts/audit.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parseSyslog } from '../../src/artifacts/syslog.ts';
import type { TimelineEvent } from '../../src/incident/event.ts';
import { journalEvents } from '../../src/incident/log-events.ts';
import { eventsOfRecord } from '../../src/incident/record-events.ts';
import { placeAt } from './places.ts';

function read(name: ParserName, records: Iterable<object>): TimelineEvent[] {
  return [...records].flatMap((record) =>
    isMalformed(record)
      ? []
      : [...eventsOfRecord(name, record, placeAt('x', { pod: 'prod/shop', container: 'web' }))],
  );
}

describe('events of logs', () => {
  it('have time, program and pid of a line of syslog', () => {
    const line = Buffer.from('2026-11-22T05:15:00.5+01:00 host sshd[7]: Accepted for jo\u001b\n');
    expect(read('syslog', parseSyslog(line))).to.deep.equal([
      {
        time: '2026-11-22T04:15:00.5Z',
        source: 'syslog',
        what: 'Recorded Time',
        dataType: 'syslog:line',
        message: 'sshd[7]: Accepted for jo\\x1b',
        node: 'node-a',
        pid: 7,
      },
    ]);
  });

  it('say that year and zone were assumed', () => {
    const line = Buffer.from('Nov 23 05:00:00 host =cmd: x\nDec 24 05:00:00 host y\n');
    expect(read('syslog', parseSyslog(line)).map(({ time, assumed }) => [time, assumed])).to.deep.equal([
      // Before the day after the collection, as zones may differ.
      ['2025-11-23T05:00:00Z', 'year and zone'],
      ['2025-12-24T05:00:00Z', 'year and zone'],
    ]);
  });

  it('have subject and serial of an audit record', () => {
    const line = Buffer.from(
      'type=SYSCALL msg=audit(1763000000.123:9): pid=17 exe="/bin/id" acct="jo" key=(null)\n',
    );
    expect(read('audit', parseAudit(line))[0]).to.include({
      time: '2025-11-13T02:13:20.123Z',
      pid: 17,
      path: '/bin/id',
      user: 'jo',
      message: 'SYSCALL 9: pid=17 exe=/bin/id acct=jo key=(null)',
    });
  });

  it("have pod and container of a container's log", () => {
    const record = {
      time: '2026-11-22T04:15:00Z',
      stream: 'stdout',
      partial: false,
      message: Buffer.from('hi'),
    };
    expect(read('container log', [record])[0]).to.include({
      pod: 'prod/shop',
      container: 'web',
      message: 'stdout: hi',
      dataType: 'cri:container:log:entry',
    });
    expect(read('docker log', [record])[0]).to.include({ dataType: 'docker:container:log:entry' });
  });

  it('have the true sender of an entry of the journal', () => {
    const entry = {
      seqnum: 1n,
      time: '2026-11-22T04:15:00.000001Z',
      monotonic: 1n,
      boot: '',
      fields: [
        ['_PID', Buffer.from('42')],
        ['SYSLOG_IDENTIFIER', Buffer.from('sudo')],
        ['MESSAGE', Buffer.from('jo : COMMAND=/bin/id')],
        ['_EXE', Buffer.from('/usr/bin/sudo')],
      ],
      unreadable: 0,
      packed: [],
      offset: 0,
    } as const;
    expect([...journalEvents(entry, placeAt())][0]).to.include({
      pid: 42,
      path: '/usr/bin/sudo',
      message: 'sudo[42]: jo : COMMAND=/bin/id',
    });
    expect([...journalEvents({ ...entry, fields: [] }, placeAt())][0]?.message).to.equal('-: ');
  });
});
