import { expect } from 'chai';
import {
  fitsTimesketch,
  timesketchEvent,
  timesketchFields,
  timesketchRow,
} from '../../src/incident/timesketch.ts';
import { eventWith } from './places.ts';

const merged = (more: Parameters<typeof eventWith>[0] = {}, count = 1) => ({
  event: eventWith(more),
  evidence: [{ acquisition: 'a', item: 7, name: '[root]/var/log/syslog' }],
  seen: 2,
  count,
});

describe('timesketchEvent', () => {
  it('has the fields that Timesketch asks for, and one moment in both forms', () => {
    expect(
      JSON.parse(
        JSON.stringify(timesketchEvent(merged({ time: '2026-11-22T04:15:00.1234567Z', pid: 7 }, 3))),
      ),
    ).to.deep.equal({
      message: 'sshd[7]: hello (3 times)',
      timestamp: Date.UTC(2026, 10, 22, 4, 15) * 1000 + 123456,
      datetime: '2026-11-22T04:15:00.123456+00:00',
      timestamp_desc: 'Recorded Time',
      data_type: 'syslog:line',
      source_short: 'syslog',
      pid: 7,
      count: 3,
      acquisition: 'a',
      item: '[root]/var/log/syslog',
      seen_in: 2,
    });
  });

  it('has no field that Timesketch keeps for itself', () => {
    for (const name of timesketchFields) {
      expect(name).to.match(/^[a-z][a-z_]*$/);
      expect(['label', 'timesketch_label', 'tag', '__ts_timeline_id']).not.to.include(name);
    }
  });

  it('leaves out times that its reader can not hold', () => {
    const fits = (time: string): boolean => fitsTimesketch(eventWith({ time }));
    expect(['0001-01-01T00:00:00Z', '1677-12-31T00:00:00Z', '2262-01-01T00:00:00Z'].some(fits)).to.equal(
      false,
    );
    expect(['1678-01-01T00:00:00Z', '2261-12-31T23:59:59Z'].every(fits)).to.equal(true);
  });
});

describe('timesketchRow', () => {
  it('quotes, and makes no formula', () => {
    expect(timesketchRow()).to.equal(`${timesketchFields.join(',')}\r\n`);
    const cells = timesketchRow(
      merged({ message: '=cmd|"/c calc"!A1, x', user: '@SUM(1)', path: '-x' }),
    ).split(',');
    expect(cells.slice(0, 2)).to.deep.equal([`"'=cmd|""/c calc""!A1`, ' x"']);
    expect(cells).to.include.members(["'@SUM(1)", "'-x"]);
  });
});
