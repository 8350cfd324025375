import { expect } from 'chai';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChangeLog, withDiffSpool } from '../../src/filesystem/change-log.ts';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { run } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';

const change = (path: string, more: Partial<Change> = {}): Change => ({
  path,
  change: 'added',
  type: 'file',
  flags: [],
  ...more,
});

const fullLog = fileURLToPath(new URL('full-log.ts', import.meta.url));

describe('the log of changes', () => {
  let directory: string;
  let log: ChangeLog;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'change-log-'));
    log = await ChangeLog.open(directory);
  });
  afterEach(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });
  const paths = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { path } of log) found.push(path);
    return found;
  };

  it('gives back what matters first, then what was earlier, then what was written first', async () => {
    const at = (second: number): Partial<Change> => ({ ctime: `2026-01-01T00:00:0${second}.000000000Z` });
    for (const one of [change('/late', at(2)), change('/b'), change('/a'), change('/soon', at(1))])
      await log.append(one);
    await log.append(change('/etc/ld.so.preload', at(3)));
    expect(await paths()).to.deep.equal(['/etc/ld.so.preload', '/soon', '/late', '/b', '/a']);
    expect(await paths()).to.have.length(5);
  });
  it('takes changes back and puts others in their place', async () => {
    const numbers = [];
    for (const path of ['/a', '/b', '/c']) numbers.push(await log.append(change(path)));
    expect(await log.read(1)).to.deep.equal(change('/b'));
    log.drop(0);
    await log.replace(2, change('/\u{1f600}', { flags: ['runtime'], change: 'renamed', from: '/x' }));
    expect(numbers).to.deep.equal([0, 1, 2]);
    expect(await paths()).to.deep.equal(['/b', '/\u{1f600}']);
    expect([log.counts, log.runtime]).to.deep.equal([{ added: 1 }, 1]);
    expect((await failureOf(log.read(0))).message).to.match(/not there any more/);
  });
  it('holds more than it writes at once, and leaves nothing in the directory', async () => {
    for (let i = 0; i < 1000; i += 1) await log.append(change(`/${i}`));
    expect(await paths()).to.have.length(1000);
    expect(await readdir(directory)).to.deep.equal([]);
  });
  it('on a full disk makes the walk blind, and shows no part of what it should have', async () => {
    const small = 'mount -t tmpfs -o size=64k tmpfs "$1" && exec "$2" "$3" "$1"';
    const args = ['-c', small, 'sh', directory, process.execPath, fullLog];
    const said = await run('unshare', ['--mount', '--map-root-user', 'sh', ...args]);
    const message = 'cannot keep in the case what changed: no space left on this machine';
    const error = `OperationError: ${message}`;
    expect(JSON.parse(said)).to.deep.equal({ why: [message], errors: [error, error, error, error] });
  }).timeout(20_000);
  it('is closed with its spool', async () => {
    const lent = await withDiffSpool(async (spool) => {
      const own = await spool.log(directory);
      await own.append(change('/a'));
      return own;
    });
    expect(lent.counts).to.deep.equal({ added: 1 });
    expect(await failureOf(lent.read(0))).to.be.instanceOf(Error);
  });
});
