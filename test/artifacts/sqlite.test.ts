import { expect } from 'chai';
import fc from 'fast-check';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { SqliteDatabase } from '../../src/artifacts/sqlite.ts';
import { hostileBytes } from './hostile.ts';
import { sqliteFile } from './sqlite-lab.ts';

type Row = [number, string, Buffer | null, number];

const rowsOf = fc.array(
  fc.tuple(
    fc.integer(),
    fc.string({ maxLength: 40 }),
    fc.option(
      fc
        .uint8Array({ maxLength: 20 })
        .map((data) => Buffer.concat(Array<Buffer>(900).fill(Buffer.from(data)))),
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: 0.25 }),
  ),
  { maxLength: 60 },
);
const schema =
  'CREATE TABLE "t" (id INTEGER PRIMARY KEY, n INTEGER, s VARCHAR(20) NOT NULL, b BLOB, d REAL, UNIQUE (id, s))';

function database(rows: readonly Row[], wal = false): ReturnType<typeof sqliteFile> {
  return sqliteFile(
    (made) => {
      made.exec(`PRAGMA page_size=1024; ${schema}; CREATE VIEW v AS SELECT 1`);
      const insert = made.prepare('INSERT INTO t (n, s, b, d) VALUES (?, ?, ?, ?)');
      for (const row of rows) insert.run(...row);
    },
    { wal },
  );
}

function read(file: Buffer, wal?: Buffer): unknown[] {
  const opened = SqliteDatabase.open(accessTo(file), wal && accessTo(wal));
  return [...(opened?.rows('T') ?? [])].map((row) => [...row.values()]);
}

describe('SqliteDatabase', () => {
  for (const wal of [false, true])
    it(`reads what SQLite wrote${wal ? ', out of its log too' : ''}`, () => {
      fc.assert(
        fc.property(rowsOf, (rows) => {
          const made = database(rows, wal);
          const expected = rows.map(([n, s, b, d], index) => [
            BigInt(index + 1),
            BigInt(n),
            s,
            b,
            Number.isInteger(d) ? BigInt(d) : d,
          ]);
          const found = read(made.file, made.wal).map((row) =>
            (row as unknown[]).map((value) =>
              typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value,
            ),
          );
          expect(found).to.deep.equal(expected);
        }),
        { numRuns: 15 },
      );
    });

  it('takes only what was committed from the log', () => {
    const { file, wal } = database([[1, 'a', null, 0.5]], true);
    const frame = 24 + 1024;
    const uncommitted = Buffer.from(wal);
    for (let at = 32; at < wal.length; at += frame) uncommitted.writeUInt32BE(0, at + 4);
    expect(read(file, wal)).to.have.length(1);
    expect(read(file, uncommitted)).to.have.length(0);
  });

  it('has no rows of views and of tables that are not there', () => {
    const opened = SqliteDatabase.open(accessTo(database([]).file));
    expect([...(opened?.rows('v') ?? [])]).to.deep.equal([]);
    expect([...(opened?.rows('x') ?? [])]).to.deep.equal([]);
    expect(opened?.damaged).to.equal(0);
    expect([...(opened?.leftOut() ?? [])]).to.deep.equal([]);
  });

  it('survives hostile bytes', () => {
    const { file, wal } = database(
      Array.from({ length: 80 }, (_, n): Row => [n, 'x'.repeat(n), Buffer.alloc(n * 40), n + 0.5]),
      true,
    );
    const whole = database(
      Array.from({ length: 80 }, (_, n): Row => [n, 'x', Buffer.alloc(n * 40), n + 0.5]),
    ).file;
    fc.assert(
      fc.property(hostileBytes(whole, whole, file), hostileBytes(wal), (bytes, log) => {
        expect(read(bytes, log).length).to.be.at.most(bytes.length + log.length);
      }),
      { numRuns: 150 },
    );
  });

  it('ends soon where the cells of a page are all the same one, of a table or of the schema', () => {
    for (const page of [1, 2]) {
      const { file } = sqliteFile((made) => {
        made.exec('PRAGMA page_size=65536; CREATE TABLE a (x); CREATE TABLE t (s)');
        made.prepare('INSERT INTO t VALUES (?)').run('x');
        made.prepare(`INSERT INTO ${page === 1 ? 't' : 'a'} VALUES (?)`).run('y'.repeat(30_000));
        if (page === 1) made.exec(`CREATE VIEW v AS SELECT '${'z'.repeat(8_000_000)}'`);
        else made.prepare('INSERT INTO a VALUES (?)').run('z'.repeat(8_000_000));
      });
      // The last cell of the page lies first in it, and is the one with the long payload.
      const start = (page - 1) * 65_536 + (page === 1 ? 100 : 0);
      const last = file.readUInt16BE(start + 8 + 2 * (file.readUInt16BE(start + 3) - 1));
      file.writeUInt16BE(12_000, start + 3);
      for (let index = 0; index < 12_000; index += 1) file.writeUInt16BE(last, start + 8 + 2 * index);
      const opened = SqliteDatabase.open(accessTo(file));
      let count = 0;
      for (const row of opened?.rows(page === 1 ? 't' : 'a') ?? []) count += row.size;
      expect(count).to.be.at.most(10);
      expect(opened?.damaged).to.be.at.least(1);
      expect([...(opened?.leftOut() ?? [])]).to.have.length(1);
    }
  });

  it('is none when the file is none', () =>
    expect(SqliteDatabase.open(accessTo(Buffer.alloc(4096)))).to.equal(undefined));
});
