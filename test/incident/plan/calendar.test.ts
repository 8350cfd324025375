import { expect } from 'chai';
import { readCalendar } from '../../../src/incident/plan/calendar.ts';

const people = [
  { id: 'ann', name: 'Ann Lee', reach: [{ by: 'email', at: 'Ann@example.org' }] },
  { id: 'bob', name: 'Bob Ray', reach: [] },
] as const;

/** An iCalendar text of some events, each given by its lines. */
function calendarOf(...events: (readonly string[])[]): string {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', ...event, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

function read(text: string, from: string, to: string): { claims: string[]; problems: readonly string[] } {
  const ask = { zone: 'Europe/Vienna', people, from: Date.parse(from), to: Date.parse(to) };
  const { claims, problems } = readCalendar(text, ask);
  const show = (moment: number): string => new Date(moment).toISOString().slice(0, 16);
  return {
    claims: claims.map(({ person, from: begin, to: end }) => `${person} ${show(begin)} ${show(end)}`),
    problems,
  };
}

const weekly = [
  'UID:1',
  'SUMMARY:ann',
  'DTSTART;TZID=Europe/Vienna:20260105T090000',
  'DTEND;TZID=Europe/Vienna:20260112T090000',
];

describe('readCalendar', () => {
  it('reads events in UTC, in a zone, on local clocks and of whole days', () => {
    const text = calendarOf(
      ['UID:1', 'SUMMARY:ann', 'DTSTART:20260105T080000Z', 'DTEND:20260106T080000Z'],
      ['UID:2', 'SUMMARY:Bob Ray', 'DTSTART;TZID=America/New_York:20260106T090000', 'DURATION:PT12H'],
      ['UID:3', 'SUMMARY:ann@example.org', 'DTSTART:20260107T090000', 'DTEND:20260108T090000'],
      [
        'UID:4',
        'SUMMARY:On call - BOB RAY - storage',
        'DTSTART;VALUE=DATE:20260108',
        'DTEND;VALUE=DATE:20260110',
      ],
      ['UID:5', 'SUMMARY:Somebody', 'DTSTART;VALUE=DATE:20260110'],
      ['UID:6', 'SUMMARY:ann', 'DTSTART:20251105T080000Z', 'DTEND:20251106T080000Z'],
      ['UID:7', 'SUMMARY:ann', 'STATUS:CANCELLED', 'DTSTART:20260105T080000Z', 'DTEND:20260106T080000Z'],
    );
    expect(read(text, '2026-01-01T00:00Z', '2026-02-01T00:00Z')).to.deep.equal({
      claims: [
        'ann 2026-01-05T08:00 2026-01-06T08:00',
        'bob 2026-01-06T14:00 2026-01-07T02:00',
        'ann 2026-01-07T08:00 2026-01-08T08:00',
        'bob 2026-01-07T23:00 2026-01-09T23:00',
        'Somebody 2026-01-09T23:00 2026-01-10T23:00',
      ],
      problems: [],
    });
  });

  it('repeats on local clocks over a change of clocks, up to and with its last', () => {
    const rule = 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20260330T070000Z';
    expect(
      read(calendarOf([...weekly, rule]), '2026-03-10T00:00Z', '2026-06-01T00:00Z').claims,
    ).to.deep.equal(['ann 2026-03-16T08:00 2026-03-23T08:00', 'ann 2026-03-30T07:00 2026-04-06T07:00']);
    const over = calendarOf([...weekly, 'RRULE:FREQ=WEEKLY']);
    expect(read(over, '2026-03-24T00:00Z', '2026-03-25T00:00Z').claims).to.deep.equal([
      'ann 2026-03-23T08:00 2026-03-30T07:00',
    ]);
  });

  it('leaves out, adds, moves and cancels single repetitions', () => {
    const text = calendarOf(
      [
        ...weekly,
        'RRULE:FREQ=WEEKLY;COUNT=5',
        'EXDATE;TZID=Europe/Vienna:20260112T090000',
        'RDATE;TZID=Europe/Vienna:20260220T090000',
      ],
      [
        'UID:1',
        'SUMMARY:bob',
        'RECURRENCE-ID;TZID=Europe/Vienna:20260119T090000',
        'DTSTART:20260120T100000Z',
        'DTEND:20260121T100000Z',
      ],
      [
        'UID:1',
        'SUMMARY:ann',
        'STATUS:CANCELLED',
        'RECURRENCE-ID:20260126T080000Z',
        'DTSTART:20260126T080000Z',
        'DTEND:20260202T080000Z',
      ],
    );
    expect(read(text, '2026-01-01T00:00Z', '2026-04-01T00:00Z')).to.deep.equal({
      claims: [
        'ann 2026-01-05T08:00 2026-01-12T08:00',
        'bob 2026-01-20T10:00 2026-01-21T10:00',
        'ann 2026-02-02T08:00 2026-02-09T08:00',
        'ann 2026-02-20T08:00 2026-02-27T08:00',
      ],
      problems: [],
    });
  });

  it('knows zones of Windows, behind a prefix, and by the place of their VTIMEZONE', () => {
    const at = (tzid: string): string[] => [
      'UID:1',
      'SUMMARY:ann',
      `DTSTART;TZID=${tzid}:20260105T090000`,
      'DURATION:PT1H',
    ];
    const zone = ['BEGIN:VTIMEZONE', 'TZID:Office', 'X-LIC-LOCATION:Asia/Kolkata', 'END:VTIMEZONE'];
    const text = calendarOf(
      at('W. Europe Standard Time'),
      at('/example.org/20260101/America/New_York'),
      at('Office'),
      at('The Moon'),
    ).replace('PRODID:test', ['PRODID:test', ...zone].join('\r\n'));
    expect(read(text, '2026-01-01T00:00Z', '2026-02-01T00:00Z')).to.deep.equal({
      claims: [
        'ann 2026-01-05T03:30 2026-01-05T04:30',
        'ann 2026-01-05T08:00 2026-01-05T09:00',
        'ann 2026-01-05T14:00 2026-01-05T15:00',
      ],
      problems: ['event "ann" names the time zone "The Moon", which is not known; it was left out'],
    });
  });

  const rules = [
    'FREQ=SECONDLY',
    'FREQ=HOURLY',
    'FREQ=DAILY;COUNT=100000000',
    'FREQ=DAILY;COUNT=-1',
    'FREQ=DAILY;INTERVAL=99999999999',
    `FREQ=YEARLY;BYYEARDAY=${Array.from({ length: 366 }, (_, i) => i + 1).join(',')}`,
    `FREQ=DAILY;BYSECOND=${Array.from({ length: 60 }, (_, i) => i).join(',')}`,
    'FREQ=DAILY;BYHOUR=1',
    'FREQ=NEVER',
    'X',
  ];
  for (const rule of rules) {
    it(`does not follow ${rule.slice(0, 30)}`, () => {
      const text = calendarOf([...weekly, `RRULE:${rule}`], ['UID:2', ...weekly.slice(1)]);
      const { claims, problems } = read(text, '2026-01-01T00:00Z', '2026-04-01T00:00Z');
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(/was left out$|cannot be read as iCalendar/);
      expect(claims.length).to.be.lessThan(2);
    });
  }

  for (const rule of [
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYSETPOS=300;BYDAY=MO',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  ]) {
    it(`comes to an end with ${rule}, which never is`, () => {
      const text = calendarOf([...weekly, `RRULE:${rule}`]);
      expect(read(text, '2026-06-01T00:00Z', '2026-09-01T00:00Z').claims).to.deep.equal([]);
    });
  }

  it('repeats 29 February in leap years only', () => {
    const leap = ['UID:1', 'SUMMARY:ann', 'DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'];
    expect(read(calendarOf(leap), '2026-01-01T00:00Z', '2028-12-01T00:00Z').claims).to.deep.equal([
      'ann 2028-02-28T23:00 2028-02-29T23:00',
    ]);
  });

  it('tells what is no calendar, and events without a beginning', () => {
    const month = ['2026-01-01T00:00Z', '2026-02-01T00:00Z'] as const;
    for (const text of [
      '',
      '\0'.repeat(1000),
      'BEGIN:VCARD\r\nEND:VCARD\r\n',
      'BEGIN:VCALENDAR\r\nx',
      '<html>',
    ])
      expect(read(text, ...month).problems, text).to.have.length(1);
    expect(
      read(calendarOf(['SUMMARY:ann'], ['SUMMARY:bob', 'DTSTART:16010101T000000Z']), ...month),
    ).to.deep.equal({
      claims: [],
      problems: [
        'event "ann" has no beginning; it was left out',
        'event "bob" begins before 1970; it was left out',
      ],
    });
  });

  it('reads a file of the worst in seconds', function () {
    this.timeout(60_000);
    const month = ['2026-01-01T00:00Z', '2026-02-01T00:00Z'] as const;
    const size = 512 * 1024;
    for (const text of [
      'BEGIN:VCALENDAR\r\n'.repeat(size / 17),
      calendarOf([`SUMMARY:${'a'.repeat(size)}`, 'DTSTART:20260105T080000Z']),
      calendarOf([`X${';A=b'.repeat(size / 4)}:c`, 'DTSTART:20260105T080000Z']),
      `BEGIN:VCALENDAR\r\n${' folded\r\n'.repeat(size / 9)}`,
    ])
      expect(read(text, ...month).claims.length).to.be.lessThan(2);
  });

  it('stops at five thousand events', function () {
    this.timeout(60_000);
    const event = ['SUMMARY:ann', 'DTSTART:20260105T080000Z', 'DURATION:PT1H'];
    const text = calendarOf(...Array.from({ length: 5001 }, () => event));
    const { claims, problems } = read(text, '2026-01-01T00:00Z', '2026-02-01T00:00Z');
    expect(claims).to.have.length(5000);
    expect(problems).to.deep.equal(['has more than 5000 events; those behind them were left out']);
  });
});
