import { open, readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect } from 'chai';
import { Acquisition } from '../../src/evidence/acquisition.ts';
import { openCase } from '../../src/evidence/case.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import type { Storage } from '../../src/evidence/reserve.ts';
import { PartialError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fileHeader, inSandbox } from './sandbox.ts';

/** Files on a disk with room for `room` bytes; giving up the reserve makes room for `more`, -1 for not even what was freed. */
function smallDisk(room: number, more: number, closed: string[] = []): (path: string) => Promise<Storage> {
  let left = room;
  let extended = false;
  return async (path) => {
    const file = await open(path, 'wx+');
    let size = 0;
    return {
      write: async (bytes: Buffer, from: number, length: number, at: number) => {
        const needed = Math.max(0, at + length - size);
        if (needed > left || (extended && more < 0)) {
          if (!extended) {
            extended = true;
            left += more;
          }
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        }
        left -= needed;
        size += needed;
        return file.write(bytes, from, length, at);
      },
      truncate: (to: number) => file.truncate(to),
      sync: () => file.sync(),
      close: () => {
        closed.push(basename(path));
        return file.close();
      },
    } as unknown as Storage;
  };
}

async function fill(
  dir: string,
  disk: (path: string) => Promise<Storage>,
): Promise<{ acquisition: Acquisition; error: Error }> {
  const opened = await openCase(memoryIo(), { dir, target: 'x' });
  const acquisition = await Acquisition.start(
    memoryIo(),
    dir,
    opened.custody,
    { kind: 'node', target: 'x' },
    disk,
  );
  await acquisition.begin(fileHeader('small'));
  await acquisition.write(Buffer.from('kept'));
  await acquisition.end({ outcome: 'ok', length: 4 });
  const error = await failureOf(
    (async () => {
      await acquisition.begin(fileHeader('big'));
      for (;;) await acquisition.write(Buffer.alloc(65536, 7));
    })(),
  );
  return { acquisition, error };
}

describe('full disk', () => {
  it('is one clear error; what came is kept, the item in progress too, and marked partial', () =>
    inSandbox(async (dir) => {
      const { acquisition, error } = await fill(dir, smallDisk(2_500_000, 4_000_000));
      expect(error).to.be.instanceOf(PartialError);
      expect(error.message).to.equal(
        `no space left on this machine for evidence in ${acquisition.dir}; what came before (1 item) is kept, marked partial`,
      );
      const summary = await acquisition.finish({ outcome: 'complete' });
      expect(summary.outcome).to.equal('partial');
      const reader = await openAcquisition(acquisition.dir);
      const { items, info } = reader;
      expect(items.map(({ name, outcome }) => [name, outcome])).to.deep.equal([
        ['small', 'ok'],
        ['big', 'truncated'],
        ['uac.log', 'ok'],
      ]);
      expect(info.reason).to.equal('no space left on the responder');
      const [, big] = items;
      if (big === undefined) throw new Error('the item is missing');
      expect(big.size).to.be.greaterThan(2_000_000);
      expect((await reader.bytes(big, big.size)).every((byte) => byte === 7)).to.equal(true);
      expect((await readdir(acquisition.dir)).length).to.equal(3);
    }));

  it('that the room set aside does not mend ends the acquisition without the item in progress', () =>
    inSandbox(async (dir) => {
      const { acquisition, error } = await fill(dir, smallDisk(2_500_000, 0));
      expect(error).to.be.instanceOf(PartialError);
      const { outcome, outcomes } = await acquisition.finish({ outcome: 'partial' });
      expect([outcome, outcomes]).to.deep.equal(['partial', { ok: 2, truncated: 1 }]);
      const { items } = await openAcquisition(acquisition.dir);
      expect(items[1]).to.include({
        name: 'big',
        size: 0,
        detail: 'it could not be written on the responder',
      });
    }));

  it('that stays full is the same clear error at the end, and leaves a case that the next command mends', () =>
    inSandbox(async (dir) => {
      const closed: string[] = [];
      const { acquisition, error } = await fill(dir, smallDisk(2_500_000, -1, closed));
      expect(error).to.be.instanceOf(PartialError);
      const last = await failureOf(acquisition.finish({ outcome: 'partial' }));
      expect(closed.sort()).to.deep.equal(['items.jsonl', 'uac-x-linux-20261122T041500Z.tar']);
      expect(last).to.be.instanceOf(PartialError);
      expect(last.message).to.match(
        /^no space left on this machine for evidence in .* is kept, marked partial$/,
      );
      const custody = await readFile(`${dir}/data/custody.jsonl`, 'utf8');
      expect(custody).to.contain('"result":"started"');
      const reader = await openAcquisition(acquisition.dir);
      const [small] = reader.items;
      if (small === undefined) throw new Error('the item is missing');
      expect((await reader.bytes(small, 10)).toString()).to.equal('kept');
    }));
});
