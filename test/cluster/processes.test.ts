import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { findParts, killParts, partOf, startDaemon } from './processes.ts';

const io = processIo();

describe('processes of a cluster', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'processes-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it('are found with their descendants by their mark, and killed; others are left alone', async () => {
    const other = spawn('sleep', ['60'], { env: { KUBECTL_IR_CLUSTER_DIR: directory } });
    const daemon = {
      program: 'sh',
      args: ['-c', 'sleep 61 & wait'],
      log: join(directory, 'log'),
      cluster: directory,
    };
    const pid = await startDaemon(daemon, io);
    let parts = await findParts(directory);
    while (parts.length < 2) parts = await findParts(directory);
    expect(parts.map((part) => part.pid)).to.include(pid);
    await killParts(directory, io);
    expect(await findParts(directory)).to.deep.equal([]);
    expect(await partOf(other.pid ?? 0)).not.to.equal(undefined);
    other.kill();
  });

  it('have a start time that tells them from a later process with the same pid', async () => {
    const own = await partOf(process.pid);
    expect(own?.pid).to.equal(process.pid);
    expect(own?.started).to.match(/^\d+$/);
    expect(await partOf(2 ** 22 + 1)).to.equal(undefined);
  });
});
