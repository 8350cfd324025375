import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { Acquisition } from '../../src/evidence/acquisition.ts';
import { openCase } from '../../src/evidence/case.ts';
import { chainStart } from '../../src/evidence/custody-line.ts';
import { readChain } from '../../src/evidence/custody.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import type { Storage } from '../../src/evidence/reserve.ts';
import { OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fileHeader, inSandbox, run } from './sandbox.ts';

/** One change of a file on the disk, in the order in which they were made. */
interface Change {
  readonly file: string;
  readonly at: number;
  readonly bytes: Buffer;
  /** Items that had ended before it. */
  readonly ended: number;
}

const sizes = [5, 0, 512, 700, 3_000_000, 1];

/** Runs an acquisition and gives every write it made, the directory's name and its record at the start. */
async function record(dir: string): Promise<{ changes: Change[]; place: string; text: string }> {
  const changes: Change[] = [];
  let ended = 0;
  const opened = await openCase(memoryIo(), { dir, target: 'node-a' });
  const storage = async (path: string): Promise<Storage> => {
    const file = await open(path, 'wx+');
    return {
      write: (bytes: Buffer, from: number, length: number, at: number) => {
        changes.push({
          file: basename(path),
          at,
          bytes: Buffer.from(bytes.subarray(from, from + length)),
          ended,
        });
        return file.write(bytes, from, length, at);
      },
      truncate: (size: number) => file.truncate(size),
      sync: () => file.sync(),
      close: () => file.close(),
    } as unknown as Storage;
  };
  const start = { kind: 'node', target: 'node-a', node: 'node-a' };
  const acquisition = await Acquisition.start(memoryIo(), dir, opened.custody, start, storage);
  const text = await readFile(join(acquisition.dir, 'acquisition.json'), 'utf8');
  for (const [at, size] of sizes.entries()) {
    await acquisition.begin(fileHeader(`[root]/${'long/'.repeat(at * 10)}${at}`));
    for (let done = 0; done < size; done += 65536)
      await acquisition.write(Buffer.alloc(Math.min(65536, size - done), at + 1));
    await acquisition.end({ outcome: 'ok', length: size });
    ended += 1;
  }
  await acquisition.finish({ outcome: 'complete' });
  await opened.close();
  return { changes, place: basename(acquisition.dir), text };
}

/** A case as the disk has it when the process was killed after `count` writes and `part` of the next one. */
async function killedCase(
  dir: string,
  run: { changes: Change[]; place: string; text: string },
  count: number,
  part: number,
): Promise<string> {
  const opened = await openCase(memoryIo(), { dir, target: 'node-a' });
  await opened.close();
  const place = join(dir, 'data/acquisitions', run.place);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'acquisition.json'), run.text);
  await writeFile(join(place, '.reserve'), 'x');
  for (const [number, { file, at, bytes }] of run.changes.slice(0, count + 1).entries()) {
    const handle = await open(join(place, file), 'a+').then(async (made) => {
      await made.close();
      return open(join(place, file), 'r+');
    });
    await handle.write(bytes, 0, number === count ? Math.floor(bytes.length * part) : bytes.length, at);
    await handle.close();
  }
  return place;
}

describe('recovery', () => {
  it('goes on from a process killed at any write, with every item that had ended', async () => {
    const recorded = await inSandbox(record);
    for (let count = 0; count < recorded.changes.length; count += 1)
      for (const part of [0.4, 1])
        await inSandbox(async (dir) => {
          const place = await killedCase(dir, recorded, count, part);
          await (await openCase(memoryIo(), { dir, target: 'x' })).close();
          const reader = await openAcquisition(place);
          const { items, info } = reader;
          expect(info.outcome).to.equal('partial');
          expect(info.reason).to.equal('the process that collected it was killed');
          const whole = items.filter(({ outcome }) => outcome === 'ok');
          expect(whole.length).to.be.at.least(recorded.changes[count]?.ended ?? 0);
          expect(items.length - whole.length).to.be.at.most(1);
          for (const item of whole) expect(await reader.bytes(item, 4_000_000)).to.have.length(item.size);
          const tar = join(place, info.tar.name);
          expect((await stat(tar)).size).to.equal(info.tar.size);
          const listed = (await run('tar', ['-tf', tar])).split('\n');
          expect(listed).to.have.length(whole.length + 1);
        });
  }).timeout(60_000);

  it('writes nothing where a link in a case of other hands leads', () =>
    inSandbox(async (dir) => {
      const recorded = await record(join(dir, 'first'));
      const outside = join(dir, 'outside');
      const { tar } = JSON.parse(recorded.text) as { tar: { name: string } };
      const planted = async (name: string, link: string): Promise<string> => {
        await writeFile(outside, 'mine');
        const place = await killedCase(join(dir, name), recorded, 3, 1);
        await rm(join(place, link), { force: true });
        await symlink(outside, join(place, link));
        return join(dir, name);
      };
      for (const link of [tar.name, 'items.jsonl']) {
        const error = await failureOf(
          openCase(memoryIo(), { dir: await planted(`of-${link}`, link), target: 'x' }),
        );
        expect(error).to.be.instanceOf(OperationError);
        expect(error.message).to.include(`${link} is a link`);
        expect(await readFile(outside, 'utf8')).to.equal('mine');
      }
      const half = await planted('half', 'acquisition.json.tmp');
      await (await openCase(memoryIo(), { dir: half, target: 'x' })).close();
      expect(await readFile(outside, 'utf8')).to.equal('mine');
      const other = await killedCase(join(dir, 'other'), recorded, 3, 1);
      await (await openCase(memoryIo(), { dir: join(dir, 'whole'), target: 'x' })).close();
      await mkdir(join(dir, 'whole', 'data/acquisitions'));
      await symlink(other, join(dir, 'whole', 'data/acquisitions', basename(other)));
      await (await openCase(memoryIo(), { dir: join(dir, 'whole'), target: 'x' })).close();
      expect(await readFile(join(other, 'acquisition.json'), 'utf8')).to.equal(recorded.text);
    }));

  it('names the item that was arriving, once, however often it is killed itself', () =>
    inSandbox(async (dir) => {
      const recorded = await record(join(dir, 'first'));
      const big = recorded.changes.findIndex(({ bytes }) => bytes.length >= 1024 * 1024);
      const place = await killedCase(join(dir, 'second'), recorded, big, 1);
      for (let time = 0; time < 2; time += 1) {
        await writeFile(join(place, 'acquisition.json'), recorded.text);
        await (await openCase(memoryIo(), { dir: join(dir, 'second'), target: 'x' })).close();
      }
      const { items, info } = await openAcquisition(place);
      expect(items.at(-1)).to.include({ outcome: 'truncated', item: 5, size: 0 });
      expect(items.at(-1)?.name).to.match(/^\[root\]\/long\//);
      expect([items.length, info.gapCount]).to.deep.equal([5, 1]);
    }));

  it('cuts a torn custody line and records that it did', () =>
    inSandbox(async (dir) => {
      await (await openCase(memoryIo(), { dir, target: 'x' })).close();
      const path = join(dir, 'data/custody.jsonl');
      const before = await readFile(path, 'utf8');
      await writeFile(path, `${before}{"seq":2,"ti`);
      await (await openCase(memoryIo(), { dir, target: 'x' })).close();
      const after = await readFile(path, 'utf8');
      expect(after.startsWith(before)).to.equal(true);
      expect(after).to.contain('"action":"recover"').and.contain('"cutBytes":12');
      const reading = await readChain(createReadStream(path), chainStart);
      expect([reading.head.seq, reading.broken]).to.deep.equal([2, undefined]);
    }));

  it('removes an acquisition that had no record yet', () =>
    inSandbox(async (dir) => {
      await (await openCase(memoryIo(), { dir, target: 'x' })).close();
      const place = join(dir, 'data/acquisitions/20261122T041500Z-node-x');
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'acquisition.json.tmp'), '{');
      await (await openCase(memoryIo(), { dir, target: 'x' })).close();
      expect(await stat(place).catch(() => 'gone')).to.equal('gone');
      expect(dirname(place)).to.contain('acquisitions');
    }));
});
