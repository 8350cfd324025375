import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { takeLock } from '../../src/evidence/lock.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

const since = '2026-11-22T04:15:00.000Z';

async function deadProcess(): Promise<number> {
  const child = spawn('/bin/true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('lock', () => {
  it('is taken over from a process of this host that is gone', () =>
    inSandbox(async (dir) => {
      const holder = { user: 'jane', host: hostname(), pid: await deadProcess(), started: '1', since };
      await writeFile(join(dir, '.lock'), JSON.stringify(holder));
      const lock = await takeLock(memoryIo(), dir);
      expect(JSON.parse(await readFile(join(dir, '.lock'), 'utf8'))).to.include({ pid: process.pid });
      await lock.release();
      expect(await readdir(dir)).to.deep.equal([]);
    }));

  it('is taken over when another process has the number of the dead one', () =>
    inSandbox(async (dir) => {
      const holder = { user: 'jane', host: hostname(), pid: process.pid, started: '1', since };
      await writeFile(join(dir, '.lock'), JSON.stringify(holder));
      await (await takeLock(memoryIo(), dir)).release();
    }));

  it('is not taken from another host, nor from what cannot be read; the message names the holder escaped', () =>
    inSandbox(async (dir) => {
      const holder = { user: 'jane\u001b[2J', host: 'other', pid: 1, started: '1', since };
      await writeFile(join(dir, '.lock'), JSON.stringify(holder));
      const held = await failureOf(takeLock(memoryIo(), dir));
      expect(held.message).to.equal(
        `case ${dir} is held by jane\\x1b[2J on other (process 1) since 2026-11-22T04:15:00.000Z`,
      );
      await writeFile(join(dir, '.lock'), '???');
      expect((await failureOf(takeLock(memoryIo(), dir))).message).to.contain('somebody who cannot be told');
      expect(await readdir(dir)).to.deep.equal(['.lock']);
    }));

  it('goes to one of many who ask at once', () =>
    inSandbox(async (dir) => {
      const holder = { user: 'jane', host: hostname(), pid: await deadProcess(), started: '1', since };
      await writeFile(join(dir, '.lock'), JSON.stringify(holder));
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(memoryIo(), dir)));
      expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    }));

  it('is waited for as long as it was asked, then the holder is named', () =>
    inSandbox(async (dir) => {
      const first = await takeLock(memoryIo(), dir);
      const { signal } = new AbortController();
      const io = memoryIo();
      const began = io.monotonic();
      expect((await failureOf(takeLock(io, dir, { ms: 1000, signal }))).message).to.contain('is held by');
      expect(io.monotonic() - began).to.equal(1000);
      const waiting = takeLock(memoryIo({ sleep: () => first.release() }), dir, { ms: 1000, signal });
      await (await waiting).release();
      expect(await readdir(dir)).to.deep.equal([]);
    }));

  it('is not waited for any more once the user interrupts', () =>
    inSandbox(async (dir) => {
      const first = await takeLock(memoryIo(), dir);
      const signal = AbortSignal.abort(new Error('stopped'));
      expect((await failureOf(takeLock(memoryIo(), dir, { ms: 1000, signal }))).message).to.equal('stopped');
      await first.release();
    }));
});
