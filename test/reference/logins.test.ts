import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseLastlog } from '../../src/artifacts/lastlog.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { ipv6 } from '../../src/artifacts/net-inet.ts';
import { type LoginRecord, parseLogins, types } from '../../src/artifacts/utmp.ts';

const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/** Logins as utmpdump writes and reads them: type, pid, id, user, line, host, address, time. */
const text = [
  ['2', '00000', '~~  ', 'reboot', '~', '6.1.0-13-amd64', '0.0.0.0', '2025-11-13T02:13:20,000001+00:00'],
  ['7', '04242', 'ts/0', 'root', 'pts/0', '198.51.100.7', '198.51.100.7', '2025-11-13T02:14:20,250000+00:00'],
  ['7', '04243', 'ts/1', 'jo', 'pts/1', '2001:db8::1', '2001:db8::1', '2025-11-13T02:15:20,999999+00:00'],
  ['8', '04242', 'ts/0', '', 'pts/0', '', '0.0.0.0', '2025-11-13T03:14:20,000000+00:00'],
  ['6', '00811', 'tty1', 'LOGIN', 'tty1', '', '0.0.0.0', '2025-11-14T02:13:20,000000+00:00'],
  [
    '7',
    '99999',
    'tty1',
    'a-name-that-is-quite-long-and-cut',
    'tty1',
    ':0',
    '0.0.0.0',
    '2025-11-14T02:13:21,000000+00:00',
  ],
] as const;

function utmpText(rows: readonly (readonly string[])[]): string {
  return rows
    .map(([type = '', pid = '', id = '', user = '', line = '', host = '', address = '', time = '']) =>
      [
        `[${type}] [${pid}] [${id.padEnd(4)}] [${user.slice(0, 32).padEnd(8)}] [${line.padEnd(12)}] [${host.padEnd(20)}]`,
        `[${address.padEnd(15)}] [${time}]\n`,
      ].join(' '),
    )
    .join('');
}

describe('login records and the programs of util-linux', () => {
  const dir = mkdtempSync(join(tmpdir(), 'reference-'));
  const file = join(dir, 'wtmp');
  const records: LoginRecord[] = [];
  before(() => {
    // utmpdump itself writes the file.
    writeFileSync(
      file,
      execFileSync('utmpdump', ['-r'], { env, input: utmpText(text), stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    for (const one of parseLogins(readFileSync(file))) if (!isMalformed(one)) records.push(one);
  });
  after(() => rmSync(dir, { recursive: true }));

  it('agree with utmpdump on every field', () => {
    const dumped = execFileSync('utmpdump', [file], { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    const rows = records.map((one) => [
      String(types.indexOf(one.type)),
      String(one.pid).padStart(5, '0'),
      String(one.id),
      String(one.user),
      String(one.line),
      String(one.host),
      one.address.length === 16
        ? ipv6(one.address)
        : one.address.length === 4
          ? one.address.join('.')
          : '0.0.0.0',
      `${new Date(one.seconds * 1000).toISOString().slice(0, 19)},${String(one.microseconds).padStart(6, '0')}+00:00`,
    ]);
    expect(utmpText(rows)).to.equal(dumped);
    expect(rows).to.have.length(text.length);
  });

  for (const [program, wanted] of [
    ['last', ['user', 'boot']],
    ['lastb', ['user', 'login', 'boot', 'dead']],
  ] as const)
    it(`agree with ${program} on who logged in, from where and when`, () => {
      const printed = execFileSync(program, ['-f', file, '-w', '--time-format', 'iso', '-a'], {
        env,
      }).toString();
      const theirs = printed
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.includes(' begins '))
        .map((line) => {
          const [user = '', line2 = ''] = line.split(/\s+/);
          const time = /[0-9]{4}-[0-9-]+T[0-9:]+/.exec(line)?.[0] ?? '';
          return `${user} ${line2} ${time}`;
        });
      const ours = records
        .filter(({ type }) => (wanted as readonly string[]).includes(type))
        .map(({ type, user, line, seconds }) =>
          [
            String(user),
            type === 'boot' && program === 'last' ? 'system' : String(line),
            new Date(seconds * 1000).toISOString().slice(0, 19),
          ].join(' '),
        )
        .reverse();
      expect(theirs).to.deep.equal(ours);
    });
});

describe('last logins and the program lastlog', () => {
  it('agree on every account', () => {
    const root = mkdtempSync(join(tmpdir(), 'reference-'));
    try {
      mkdirSync(join(root, 'etc'));
      mkdirSync(join(root, 'var/log'), { recursive: true });
      const accounts = { root: 0, jo: 1000, far: 60_000 };
      writeFileSync(
        join(root, 'etc/passwd'),
        Object.entries(accounts)
          .map(([name, uid]) => `${name}:x:${uid}:0::/:/bin/sh\n`)
          .join(''),
      );
      const seconds = { root: 1_763_000_000, jo: 1_763_000_060 };
      const bytes = Buffer.alloc(292 * 60_001);
      for (const [name, time] of Object.entries(seconds)) {
        const at = 292 * accounts[name as 'jo'];
        bytes.writeUInt32LE(time, at);
        bytes.write('pts/0', at + 4);
        bytes.write('198.51.100.7', at + 36);
      }
      writeFileSync(join(root, 'var/log/lastlog'), bytes);
      const printed = execFileSync('lastlog', ['-R', root], { env }).toString().trim().split('\n').slice(1);
      const theirs = printed
        .filter((line) => !line.includes('Never logged in'))
        .map((line) => line.trim().split(/\s+/).slice(0, 3).concat(line.slice(-30).trim()).join(' '));
      const byUid = new Map(Object.entries(accounts).map(([name, uid]) => [uid, name]));
      const ours = [...parseLastlog(bytes)].flatMap((one) =>
        isMalformed(one) ? [] : [[byUid.get(one.uid), one.line, one.host, lastlogTime(one.time)].join(' ')],
      );
      expect(ours).to.deep.equal(theirs);
      expect(ours).to.have.length(2);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

/** As `lastlog` prints a time, `Thu Nov 13 02:13:20 +0000 2025`. */
function lastlogTime(text: string): string {
  const [day = '', date = '', month = '', year = '', clock = ''] = new Date(text).toUTCString().split(/,? /);
  return `${day} ${month} ${date.padStart(2)} ${clock} +0000 ${year}`;
}
