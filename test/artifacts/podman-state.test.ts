import { expect } from 'chai';
import { openBolt } from '../../src/artifacts/bolt.ts';
import type { ContainerRecord } from '../../src/artifacts/container-record.ts';
import { parsePodmanBolt, parsePodmanSqlite } from '../../src/artifacts/podman-state.ts';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { hostileBytes, survivesHostileBytes } from './hostile.ts';
import fc from 'fast-check';
import { recorded } from './runtimes.ts';
import { sqliteFile } from './sqlite-lab.ts';

const bolt = recorded('podman/libpod/bolt_state.db');
/** The same containers in the tables of podman's other database, libpod/sqlite_state_internal.go. */
const sqlite = sqliteFile(
  (made) => {
    made.exec(
      'CREATE TABLE ContainerConfig(ID TEXT PRIMARY KEY NOT NULL, Name TEXT UNIQUE NOT NULL, PodID TEXT, JSON TEXT NOT NULL)',
    );
    made.exec(
      'CREATE TABLE ContainerState(ID TEXT PRIMARY KEY NOT NULL, State INTEGER NOT NULL, ExitCode INTEGER, JSON TEXT NOT NULL, CHECK (ExitCode BETWEEN -1 AND 255))',
    );
    const config = made.prepare('INSERT INTO ContainerConfig VALUES (?, ?, NULL, ?)');
    const state = made.prepare('INSERT INTO ContainerState VALUES (?, 1, NULL, ?)');
    for (const { key, bucket } of openBolt(bolt).bucket('ctr')?.buckets() ?? []) {
      const [id, text] = [key.toString(), bucket.get('config')?.toString() ?? ''];
      config.run(id, (JSON.parse(text) as { name: string }).name, text);
      state.run(id, bucket.get('state')?.toString() ?? '');
    }
  },
  { wal: true },
);

/** As `podman inspect` told them when the database was recorded. */
const told: Readonly<Record<string, Partial<ContainerRecord>>> = {
  ended: {
    state: 'exited',
    exitCode: 0,
    created: '2026-11-26T13:47:32.526867363Z',
    started: '2026-11-26T13:47:32.830733688Z',
    finished: '2026-11-26T13:47:32.833984523Z',
  },
  running: { state: 'running', pid: 174, started: '2026-11-26T13:47:33.020414906Z' },
  never: { state: 'created', created: '2026-11-26T13:47:34.112844077Z', args: ['sh'] },
  failed: { state: 'exited', exitCode: 3, args: ['sh', '-c', 'exit 3'] },
  refused: { state: 'created', args: ['/none'] },
  held: { state: 'paused', pid: 348, started: '2026-11-26T13:47:35.187277001Z' },
};

describe('databases of podman', () => {
  for (const [what, read] of [
    ['bbolt', () => parsePodmanBolt(accessTo(bolt))],
    ['SQLite', () => parsePodmanSqlite(accessTo(sqlite.file), accessTo(sqlite.wal))],
  ] as const)
    it(`of ${what} tell how each container is doing`, () => {
      const found = [...read()] as ContainerRecord[];
      expect(found.map(({ name }) => name).sort()).to.deep.equal(Object.keys(told).sort());
      for (const one of found) {
        expect(one).to.deep.include({
          ...told[one.name ?? ''],
          runtime: 'podman',
          image: 'localhost/lab:1',
          imageId: '6d20230da9ed1b511e136959fc88049d80e60e1586321aec684f88ceac01ea9c',
          privileged: false,
        });
        if (one.state === 'created')
          expect(one).not.to.have.any.keys('pid', 'started', 'finished', 'exitCode');
      }
    });

  it('are told when they are none, or damaged', () => {
    expect([...parsePodmanBolt(accessTo(Buffer.alloc(8192)))]).to.deep.equal([
      { malformed: 'the database of podman is damaged', offset: 0 },
    ]);
    expect([...parsePodmanSqlite(accessTo(Buffer.alloc(8192)))]).to.deep.equal([
      { malformed: 'no database', offset: 0 },
    ]);
  });

  it('end soon where all buckets are the same one, of as many entries as a page has', () => {
    const file = endless();
    expect([...parsePodmanBolt(accessTo(file))].at(-1)).to.deep.equal({
      malformed: 'the database of podman is damaged',
      offset: 0,
    });
  });

  it('survive hostile bytes', () => {
    survivesHostileBytes((bytes) => parsePodmanSqlite(accessTo(bytes), accessTo(sqlite.wal)), sqlite.file);
    fc.assert(
      fc.property(hostileBytes(bolt), (bytes) => {
        for (const record of parsePodmanBolt(accessTo(bytes))) expect(record).to.be.an('object');
      }),
      { numRuns: 100 },
    );
  });
});

/** A database whose bucket `ctr` has 60,000 keys, each the same bucket of 60,000 keys. */
function endless(): Buffer {
  const count = 60_000;
  const pageSize = 4096;
  const pages = Math.ceil((16 + 16 * count) / pageSize);
  const file = Buffer.alloc((3 + 2 * pages) * pageSize);
  bolt.copy(file, 0, 0, 2 * pageSize);
  // The page of the root bucket stays where the meta pages say; it is put into both.
  const roots = [0, pageSize].map((at) => Number(file.readBigUInt64LE(at + 16 + 16)));
  const longest = Math.max(...roots) + 1;
  const whole = Buffer.concat([
    file.subarray(0, 2 * pageSize),
    Buffer.alloc((longest + 2 * pages) * pageSize),
  ]);
  const page = (id: number, size: number, entries: (at: number) => void): void => {
    whole.writeBigUInt64LE(BigInt(id), id * pageSize);
    whole.writeUInt16LE(2, id * pageSize + 8);
    whole.writeUInt32LE(size - 1, id * pageSize + 12);
    entries(id * pageSize);
  };
  const first = longest;
  const second = longest + pages;
  for (const root of new Set(roots))
    page(root, 1, (at) => {
      whole.writeUInt16LE(1, at + 10);
      leaf(at + 16, 1, 16, 3, 16);
      whole.write('ctr', at + 32, 'latin1');
      whole.writeBigUInt64LE(BigInt(first), at + 35);
    });
  page(first, pages, (at) => {
    whole.writeUInt16LE(count, at + 10);
    // Every value is the header of one bucket, which lies in the last element.
    const value = at + 16 + 16 * count - 16;
    for (let index = 0; index < count - 1; index += 1)
      leaf(at + 16 + 16 * index, 1, value - (at + 16 + 16 * index), 0, 16);
    whole.writeBigUInt64LE(BigInt(second), value);
    whole.writeUInt16LE(count - 1, at + 10);
  });
  page(second, pages, (at) => {
    whole.writeUInt16LE(count, at + 10);
  });
  return whole;

  function leaf(at: number, flags: number, pos: number, key: number, value: number): void {
    whole.writeUInt32LE(flags, at);
    whole.writeUInt32LE(pos, at + 4);
    whole.writeUInt32LE(key, at + 8);
    whole.writeUInt32LE(value, at + 12);
  }
}
