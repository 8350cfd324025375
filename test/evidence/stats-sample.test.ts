import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { namedScript } from '../../src/collector/scripts.ts';
import { collectFrames } from '../../src/collector/running.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { takeSample } from '../../src/evidence/stats-sample.ts';
import { OperationError } from '../../src/output/errors.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { failureOf } from '../support/failure.ts';

const { signal } = new AbortController();

describe('takeSample', function () {
  this.timeout(60_000);

  it('reads the figures of this machine, and keeps what they are read from', async () => {
    const node = localNode('/');
    try {
      const collector = {
        identity: { node: 'here' },
        collect: (script: string, args: readonly string[], sink: MemorySink) =>
          collectFrames(node.exec, namedScript(script), sink, { args, signal }),
      } as unknown as Collector;
      const keep = new MemorySink();
      const sample = await takeSample(collector, ['5f0c1e7a-0000-0000-0000-000000000000'], keep, signal);
      expect(sample.uptime).to.be.greaterThan(0);
      expect(sample.node.processors).to.be.greaterThan(0);
      expect(sample.node.cpuNs).to.be.greaterThan(0);
      expect(sample.cgroups.size).to.equal(0);
      expect(keep.named('[root]/proc/stat').end.outcome).to.equal('ok');
    } finally {
      node.remove();
    }
  });

  it('has the network of a pod, but none where it shares that of the node', async () => {
    const root = mkdtempSync(join(tmpdir(), 'stats-root-'));
    const node = localNode(root);
    const uids = ['0', '1'].map((digit) => `5f0c1e7a-0000-0000-0000-00000000000${digit}`);
    const own = spawn('unshare', ['-n', 'sh', '-c', 'echo; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const shared = spawn('sleep', ['60']);
    try {
      await once(own.stdout, 'data');
      for (const [index, { pid = 0 }] of [own, shared].entries()) {
        const directory = join(root, `sys/fs/cgroup/kubepods/pod${uids[index] ?? ''}`);
        mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, 'cgroup.procs'), `${pid}\n`);
      }
      const sink = new MemorySink();
      await collectFrames(node.exec, namedScript('stats'), sink, { args: uids, signal });
      const names = sink.items.map(({ header }) => header.name.toString()).filter((name) => /\d/.test(name));
      expect(names).to.deep.equal([
        `[root]/proc/${own.pid ?? 0}/cgroup`,
        `[root]/proc/${own.pid ?? 0}/net/dev`,
      ]);
    } finally {
      for (const child of [own, shared]) child.kill('SIGKILL');
      node.remove();
      rmSync(root, { recursive: true });
    }
  });

  it('is an error when the node gives none', async () => {
    const collector = {
      identity: { node: 'node-a' },
      collect: () => Promise.resolve(),
    } as unknown as Collector;
    expect(await failureOf(takeSample(collector, [], undefined, signal))).to.be.instanceOf(OperationError);
  });
});
