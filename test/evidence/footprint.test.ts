import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Collector } from '../../src/collector/collector.ts';
import { measureFootprint, parseFootprint } from '../../src/evidence/footprint.ts';
import { callScript } from '../../src/collector/running.ts';
import { localNode } from '../collector/local-node.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';

const { signal } = new AbortController();
const text = [
  'cgroup 4:memory:/kubepods/pod1/c',
  'process 17 sh',
  'process x y',
  'directory 12 /var/lib/kubelet/pods/1',
  'directory - /run/containerd/x',
  'directory 3 relative',
  'log 2 30 /var/log/pods/kubectl-ir_c_1/collector/0.log',
  'log 2 x',
  'detached 2',
  '',
].join('\n');
const parsed = {
  cgroups: ['4:memory:/kubepods/pod1/c'],
  processes: [{ pid: 17, name: 'sh' }],
  directories: [{ path: '/var/lib/kubelet/pods/1', kilobytes: 12 }, { path: '/run/containerd/x' }],
  logs: [{ path: '/var/log/pods/kubectl-ir_c_1/collector/0.log', lines: 2, bytes: 30 }],
  detachedMounts: 2,
};

describe('footprint', () => {
  const cluster = fakeCluster();
  const identity = { namespace: 'kubectl-ir', uid: '1' };
  const call = (): Promise<object> => Promise.resolve({ exitCode: 0, stdout: Buffer.from(text), stderr: '' });
  const collector = { identity, call } as unknown as Collector;

  it('reads what the node printed and leaves out other lines', () => {
    expect(parseFootprint(text)).to.deep.equal(parsed);
  });

  it('has the logs of our pod', async () => {
    const root = mkdtempSync(join(tmpdir(), 'footprint-root-'));
    const node = localNode(root);
    for (const uid of ['mine', 'other']) {
      const directory = join(root, `var/log/pods/kubectl-ir_c_${uid}/collector`);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, '0.log'), 'two\nlines\n');
    }
    try {
      const { stdout } = await callScript(node.exec, 'footprint', { args: ['mine'], limit: 1e6, signal });
      expect(parseFootprint(stdout.toString()).logs).to.deep.equal([
        { path: '/var/log/pods/kubectl-ir_c_mine/collector/0.log', lines: 2, bytes: 10 },
      ]);
    } finally {
      node.remove();
      rmSync(root, { recursive: true });
    }
  });

  it('has the events of our pod, when they may be read', async () => {
    cluster.fake.put({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'kubectl-ir' },
      involvedObject: { uid: '1' },
      reason: 'Pulled',
      message: 'already present on machine',
      lastTimestamp: '2026-11-25T04:15:00Z',
    });
    const events = [
      { reason: 'Pulled', message: 'already present on machine', time: '2026-11-25T04:15:00Z' },
    ];
    expect(await measureFootprint(cluster.api, collector, signal)).to.deep.equal({ ...parsed, events });
    cluster.fake.deny({ resource: 'events' });
    expect(await measureFootprint(cluster.api, collector, signal)).to.deep.equal(parsed);
  });
});
