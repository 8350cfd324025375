import { expect } from 'chai';
import type { LoginRecord } from '../../src/artifacts/utmp.ts';
import {
  lastLogin2Events,
  lastLoginEvents,
  loginEvents,
  loginSpanEvents,
  sessionEvents,
} from '../../src/incident/login-events.ts';
import { placeAt } from './places.ts';

const record: LoginRecord = {
  type: 'user',
  pid: 42,
  line: Buffer.from('pts/0'),
  id: Buffer.from('ts/0'),
  user: Buffer.from('jo'),
  host: Buffer.from('203.0.113.9'),
  session: 0,
  seconds: 1_763_000_000,
  microseconds: 250_000,
  address: Buffer.alloc(0),
  offset: 0,
};
const time = '2026-11-22T04:15:00Z';

describe('events of logins', () => {
  it('say who, on what and from where', () => {
    const [event] = loginEvents(record, placeAt('[root]/var/log/wtmp'));
    expect(event).to.deep.equal({
      time: '2025-11-13T02:13:20.250000Z',
      source: 'login',
      what: 'Recorded Time',
      dataType: 'linux:utmp:event',
      message: 'login of jo on pts/0 from 203.0.113.9',
      node: 'node-a',
      pid: 42,
      user: 'jo',
    });
  });

  it('say when a machine started, whose user is none', () => {
    const boot = {
      ...record,
      type: 'boot',
      user: Buffer.from('reboot'),
      host: Buffer.from('6.18.44'),
    } as const;
    const [event] = loginEvents(boot, placeAt());
    expect(event).to.include({ message: 'boot, kernel 6.18.44' }).and.not.to.have.property('user');
  });

  it('tell failures by the file, and are none for empty records', () => {
    for (const item of ['[root]/var/log/btmp', '[root]/var/log/btmp.1'])
      expect([...loginEvents(record, placeAt(item))][0]?.message).to.match(/^failed login of jo/);
    expect([...loginEvents({ ...record, type: 'empty' }, placeAt())]).to.deep.equal([]);
    expect([...loginEvents({ ...record, type: 'dead' }, placeAt())][0]?.message).to.match(/^session ended/);
  });

  it('come from the other records of logins too', () => {
    const text = (events: Iterable<{ time: string; message: string }>): string[] =>
      [...events].map((event) => `${event.time} ${event.message}`);
    const bytes = Buffer.from('');
    expect(text(lastLoginEvents({ uid: 7, time, line: bytes, host: bytes }, placeAt()))).to.deep.equal([
      `${time} last login of uid 7`,
    ]);
    expect(text(lastLogin2Events({ user: 'jo', time, host: 'h' }, placeAt()))).to.deep.equal([
      `${time} last login of jo from h`,
    ]);
    const span = { type: 'user', user: 'jo', start: time, end: '2026-11-22T05:00:00Z' } as const;
    expect(text(loginSpanEvents(span, placeAt()))).to.deep.equal([
      `${time} login of jo`,
      '2026-11-22T05:00:00Z session ended of jo',
    ]);
    expect(text(sessionEvents({ remote: false, uid: 0, started: time, leader: 7 }, placeAt()))).to.deep.equal(
      [`${time} session started of uid 0`],
    );
    expect(text(sessionEvents({ remote: false, uid: 0 }, placeAt()))).to.deep.equal([]);
  });
});
