import { expect } from 'chai';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { parseRpm } from '../../src/artifacts/rpm.ts';
import { survivesHostileBytes } from './hostile.ts';
import { rpmHeader, sampleHeader } from './rpm-lab.ts';
import { sqliteFile } from './sqlite-lab.ts';

const made = sqliteFile(
  (database) => {
    database.exec(
      "CREATE TABLE IF NOT EXISTS 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)",
    );
    const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
    insert.run(sampleHeader);
    insert.run(Buffer.from('none'));
  },
  { wal: true },
);

describe('parseRpm', () => {
  it('reads packages with the digests of their files, also while they are in the log of the database only', () =>
    expect([...parseRpm(accessTo(made.file), accessTo(made.wal))]).to.deep.equal([
      {
        manager: 'rpm',
        name: 'bash',
        version: '1:5.2.15-3.fc38',
        architecture: 'x86_64',
        source: 'bash-5.2.15-3.fc38.src.rpm',
        vendor: 'Fedora Project',
        installed: '2025-11-13T02:13:20Z',
        files: [
          {
            package: 'bash',
            path: Buffer.from('/usr/bin/bash'),
            algorithm: 'sha256',
            digest: 'ab'.repeat(32),
          },
        ],
      },
      { malformed: 'no header of a package', offset: 0 },
    ]));

  it('leaves out files that share a directory to fill the memory, and says so', () => {
    const files = 20_000;
    const header = rpmHeader({
      ...{ 1000: 'a', 1001: '1', 1002: '2' },
      1035: Array<string>(files).fill('00'),
      1116: Array<number>(files).fill(0),
      1117: Array<string>(files).fill('b'),
      1118: [`/${'d'.repeat(100_000)}/`],
    });
    const { file } = sqliteFile((database) => {
      database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)');
      database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(header);
    });
    const [one, more] = [...parseRpm(accessTo(file))];
    const held = one !== undefined && 'files' in one ? (one.files ?? []) : [];
    expect(held.reduce((sum, { path }) => sum + path.length, 0)).to.be.within(1, 8 * header.length);
    expect(more).to.have.property('malformed').which.contains('more files than any real one');
  });

  it('survives hostile bytes', () =>
    survivesHostileBytes((bytes) => parseRpm(accessTo(bytes), accessTo(made.wal)), made.file));
});
