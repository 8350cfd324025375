import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parsers } from '../../src/artifacts/parsers.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { readRecords } from '../../src/evidence/records.ts';
import { sqliteFile } from '../artifacts/sqlite-lab.ts';
import { caseWith, type Content } from './evidence-lab.ts';
import { inSandbox } from './sandbox.ts';

/** The records of the first item. */
async function recordsOf(
  items: Readonly<Record<string, Content>>,
  parser: keyof typeof parsers,
  bound?: number,
): Promise<object[]> {
  return inSandbox(async (dir) => {
    await caseWith(dir, items);
    const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
    const acquisition = await openAcquisition(join(dir, 'data/acquisitions', name));
    const [item] = acquisition.items;
    if (item === undefined) throw new Error('no item');
    const records: object[] = [];
    for await (const record of readRecords({ acquisition, item, parser: parsers[parser] }, bound))
      records.push(record);
    return records;
  });
}

const log = '2016-10-06T00:17:09Z stdout F hello\n';

describe('readRecords', () => {
  it('counts offsets from the beginning of the file, over all pieces', async () => {
    const lines = `${log.repeat(20_000)}bad\n`;
    const records = await recordsOf({ '[root]/var/log/pods/a/b/0.log': lines }, 'container log');
    expect(records).to.have.length(20_001);
    expect(records.at(-1)).to.deep.equal({
      malformed: 'no line of a container log',
      offset: log.length * 20_000,
    });
  });

  it('unpacks rotated logs, and tells one that is damaged', async () => {
    const packed = gzipSync(log.repeat(100));
    expect(await recordsOf({ 'x.log.gz': packed }, 'container log')).to.have.length(100);
    const cut = await recordsOf({ 'x.log.gz': packed.subarray(0, packed.length - 10) }, 'container log');
    expect(cut.at(-1)).to.have.property('malformed').which.contains('the packed log is damaged');
    const more = await recordsOf(
      { 'x.log.gz': Buffer.concat([packed, Buffer.from('\0hidden')]) },
      'container log',
    );
    expect(more).to.have.length(101);
    expect(more.at(-1)).to.have.property('malformed').which.contains('the packed log is damaged');
  });

  it('reads no more of a rotated log than its bound, and says so', async () => {
    // A hundred thousand lines: more than its bound, and less than a thousand times its size.
    const packed = gzipSync(log.repeat(100_000));
    const name = '[root]/var/log/pods/a/b/0.log.1.gz';
    const records = await recordsOf({ [name]: packed }, 'container log', 1024 * 1024);
    expect(records.length).to.be.within(2, Math.ceil((1024 * 1024) / log.length) + 1);
    expect(records.at(-1)).to.deep.equal({
      malformed: `${name} unpacks to more than 1.0Mi; it was read no further`,
      offset: 0,
    });
    expect(await recordsOf({ [name]: gzipSync(log.repeat(20_000)) }, 'container log')).to.have.length(20_000);
  });

  it('reads login records of the layout of the first of them', async () => {
    const record = Buffer.alloc(400);
    record.writeInt16LE(7, 0);
    record.write('jo', 44);
    record.writeBigInt64LE(1_763_000_000n, 344);
    const file = Buffer.concat(Array<Buffer>(500).fill(record));
    const records = await recordsOf({ '[root]/var/log/wtmp': file }, 'utmp');
    expect(records).to.have.length(500);
    expect(records.at(-1)).to.deep.include({ seconds: 1_763_000_000, offset: 499 * 400 });
  });

  it('reads login records of which the first were wiped by those that are left', async () => {
    const record = Buffer.alloc(400);
    record.writeInt16LE(7, 0);
    record.write('jo', 44);
    record.writeBigInt64LE(1_763_000_000n, 344);
    const wiped = 4800;
    const file = Buffer.concat([Buffer.alloc(400 * wiped), record]);
    const path = '[root]/var/log/wtmp';
    const records = await recordsOf({ [path]: file }, 'utmp');
    expect(records).to.have.length(wiped + 1);
    expect(records[0]).to.deep.equal({ malformed: 'record of zeroes', offset: 0 });
    expect(records.at(-1)).to.deep.include({
      user: Buffer.from('jo'),
      seconds: 1_763_000_000,
      offset: 400 * wiped,
    });
    const unclear = await recordsOf({ [path]: Buffer.alloc(400_000, 'x') }, 'utmp');
    expect(unclear[0]).to.deep.equal({
      malformed: 'none of its records says of which architecture they are; they are read as those of x86-64',
      offset: 0,
    });
    expect(unclear).to.have.length(1 + Math.ceil(400_000 / 384));
    expect(await recordsOf({ [path]: Buffer.alloc(400 * 1200) }, 'utmp')).to.have.length(1250);
  });

  it('reads packed login records up to the damage', async () => {
    const record = (number: number): Buffer => {
      const bytes = Buffer.alloc(400);
      bytes.writeInt16LE(7, 0);
      bytes.write(createHash('sha256').update(String(number)).digest('hex'), 76);
      bytes.writeBigInt64LE(1_763_000_000n + BigInt(number), 344);
      return bytes;
    };
    const packed = gzipSync(Buffer.concat(Array.from({ length: 100 }, (_, number) => record(number))));
    const damaged = Buffer.from(packed);
    const half = Math.floor(packed.length / 2);
    damaged.fill(0xff, half, half + 16);
    for (const [what, bytes] of [
      ['cut', packed.subarray(0, half)],
      ['altered', damaged],
    ] as const) {
      const records = await recordsOf({ '[root]/var/log/wtmp.1.gz': bytes }, 'utmp');
      const whole = records.filter((one) => 'seconds' in one);
      expect(whole.length, what).to.be.within(40, 55);
      expect(
        whole.map(({ seconds }) => seconds),
        what,
      ).to.deep.equal(whole.map((_, number) => 1_763_000_000 + number));
      expect(records.at(-1), what).to.deep.equal({ malformed: 'the packed log is damaged', offset: 0 });
    }
  });

  it('reads last logins of accounts that lie pieces apart', async () => {
    const file = Buffer.alloc(296 * 4000);
    for (const uid of [73, 3999]) {
      file.writeBigInt64LE(1_763_000_000n, uid * 296);
      file.write('pts/0', uid * 296 + 8);
    }
    const records = await recordsOf({ '[root]/var/log/lastlog': file }, 'lastlog');
    expect(records.map((one) => 'uid' in one && one.uid)).to.deep.equal([73, 3999]);
  });

  it('puts the log of a database over it', async () => {
    const { file, wal } = sqliteFile(
      (made) => {
        made.exec(
          'CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT)',
        );
        made.exec("INSERT INTO Lastlog2 VALUES('jo', 1763000000, NULL, NULL, NULL)");
      },
      { wal: true },
    );
    const path = '[root]/var/lib/lastlog/lastlog2.db';
    expect(await recordsOf({ [path]: file, [`${path}-wal`]: wal }, 'lastlog2')).to.deep.equal([
      { user: 'jo', time: '2025-11-13T02:13:20Z' },
    ]);
    expect(await recordsOf({ [path]: file }, 'lastlog2')).to.deep.equal([]);
  });

  it('reads the beginning of a file that is too long for what it is', async () => {
    const long = `root:x:0:\n${'x'.repeat(2 * 1024 * 1024)}`;
    expect((await recordsOf({ '[root]/etc/group': long }, 'group'))[0]).to.deep.include({ gid: 0 });
  });
});
