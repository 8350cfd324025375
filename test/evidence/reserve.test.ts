import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Reserve, type Storage } from '../../src/evidence/reserve.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox } from './sandbox.ts';

/** Storage that is full as long as `full` says so, and takes seven bytes at a time. */
function storage(full: () => boolean): { storage: Storage; taken: Buffer[] } {
  const taken: Buffer[] = [];
  const write = (bytes: Buffer, from: number, length: number): Promise<{ bytesWritten: number }> => {
    if (full()) return Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
    const piece = bytes.subarray(from, from + Math.min(7, length));
    taken.push(piece);
    return Promise.resolve({ bytesWritten: piece.length });
  };
  return { storage: { write } as unknown as Storage, taken };
}

describe('reserve', () => {
  it('writes all, and is removed at the end', () =>
    inSandbox(async (dir) => {
      const reserve = await Reserve.make(join(dir, 'r'));
      const { storage: file, taken } = storage(() => false);
      await reserve.put(file, Buffer.from('more than seven bytes'), 0);
      expect(Buffer.concat(taken).toString()).to.equal('more than seven bytes');
      expect([reserve.givenUp, await readdir(dir)]).to.deep.equal([false, ['r']]);
      await reserve.remove();
      expect(await readdir(dir)).to.deep.equal([]);
    }));

  it('is given up once when there is no room, and no more after that', () =>
    inSandbox(async (dir) => {
      const reserve = await Reserve.make(join(dir, 'r'));
      const { storage: file } = storage(() => !reserve.givenUp);
      await reserve.put(file, Buffer.from('x'), 0);
      expect([reserve.givenUp, await readdir(dir)]).to.deep.equal([true, []]);
      const still = storage(() => true);
      expect((await failureOf(reserve.put(still.storage, Buffer.from('x'), 0))).message).to.equal('ENOSPC');
      await reserve.remove();
    }));
});
