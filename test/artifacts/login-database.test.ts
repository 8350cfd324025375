import { expect } from 'chai';
import { parseLastlog2, parseWtmpdb } from '../../src/artifacts/login-database.ts';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { survivesHostileBytes } from './hostile.ts';
import { sqliteFile } from './sqlite-lab.ts';

/** The statements of liblastlog2 and of wtmpdb. */
const lastlog2 = sqliteFile((made) => {
  made.exec(
    'CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT',
  );
  made
    .prepare('INSERT INTO Lastlog2 VALUES(?,?,?,?,?)')
    .run('root', 1_763_000_000, 'pts/0', '\u001b[2J', 'sshd');
  made.prepare('INSERT INTO Lastlog2 VALUES(?,?,?,?,?)').run('jo', 1_763_000_001, '', null, null);
}).file;
const wtmpdb = sqliteFile((made) => {
  made.exec(
    'CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT',
  );
  const insert = made.prepare(
    'INSERT INTO wtmp (Type,User,Login,Logout,TTY,RemoteHost,Service) VALUES(?,?,?,?,?,?,?)',
  );
  insert.run(1, 'reboot', 1_763_000_000_000_001n, null, '~', '6.1.0', null);
  insert.run(3, 'jo', 1_763_000_001_000_000n, 1_763_000_002_000_000n, 'pts/0', '198.51.100.7', 'sshd');
  insert.run(9, 'jo', 0, null, null, null, null);
}).file;

describe('login databases', () => {
  it('give the last logins', () =>
    expect([...parseLastlog2(accessTo(lastlog2))]).to.deep.equal([
      { user: 'root', time: '2025-11-13T02:13:20Z', line: 'pts/0', host: '\u001b[2J', service: 'sshd' },
      { user: 'jo', time: '2025-11-13T02:13:21Z' },
    ]));

  it('give logins and boots', () =>
    expect([...parseWtmpdb(accessTo(wtmpdb))]).to.deep.equal([
      { type: 'boot', user: 'reboot', start: '2025-11-13T02:13:20.000001Z', line: '~', host: '6.1.0' },
      {
        type: 'user',
        user: 'jo',
        start: '2025-11-13T02:13:21.000000Z',
        end: '2025-11-13T02:13:22.000000Z',
        line: 'pts/0',
        host: '198.51.100.7',
        service: 'sshd',
      },
      { malformed: 'no row of wtmp', offset: 0 },
    ]));

  it('know no type that is called like something of every object', () => {
    const { file } = sqliteFile((made) => {
      made.exec('CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type, User TEXT, Login INTEGER)');
      made.exec("INSERT INTO wtmp (Type,User,Login) VALUES('constructor','jo',1763000000000000)");
    });
    expect([...parseWtmpdb(accessTo(file))]).to.deep.equal([{ malformed: 'no row of wtmp', offset: 0 }]);
  });

  it('survive hostile bytes', () => {
    survivesHostileBytes((bytes) => parseLastlog2(accessTo(bytes)), lastlog2);
    survivesHostileBytes((bytes) => parseWtmpdb(accessTo(bytes)), wtmpdb);
  });
});
