import { expect } from 'chai';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { parseRpm } from '../../src/artifacts/rpm.ts';
import { survivesHostileBytes } from './hostile.ts';
import { sampleHeader } from './rpm-lab.ts';
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

  it('survives hostile bytes', () =>
    survivesHostileBytes((bytes) => parseRpm(accessTo(bytes), accessTo(made.wal)), made.file));
});
