import { expect } from 'chai';
import type { KubeObject } from '../../src/cluster/objects.ts';
import { collectorPod } from '../../src/collector/pod.ts';
import { recordObject } from '../../src/containment/record.ts';
import { command } from '../../src/subcommands/status.ts';
import { running } from '../collector/fake-kubelet.ts';
import { aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';

const uid = '5f0c1e7a-0000-4000-8000-000000000001';
const labels = { 'kubectl-ir/pod-uid': uid };

describe('status', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  async function status(flags: object = {}): Promise<{ code: number; io: MemoryIo }> {
    const io = memoryIo();
    const global = { server: fake.url, token: 'fake-token', namespace: 'prod' };
    const context = { io, global, signal: new AbortController().signal };
    return { code: await command.start([], { 'collector-namespace': 'kubectl-ir', ...flags }, context), io };
  }

  function putAll(): void {
    const options = {
      name: 'ir-collector-1',
      namespace: 'kubectl-ir',
      node: 'node-b',
      image: 'i',
      spoolMiB: 64,
    };
    fake.put(running(collectorPod({ ...options, subjectUid: uid, caseName: 'ir-case\u001b[2J' })));
    fake.put({ ...aPod('shop'), metadata: { name: 'shop', namespace: 'prod', labels, uid } });
    fake.put({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `ir-${uid}`, namespace: 'prod', labels },
    });
    const record = recordObject(
      {
        version: 1,
        pod: { namespace: 'prod', name: 'shop', uid, node: 'node-a' },
        created: '2026-11-22T04:15:00.000Z',
        acts: [{ kind: 'cut' }, { kind: 'deny', networks: [] }],
      },
      'kubectl-ir',
    );
    const verdict = `HOLDS ${new Date(memoryIo().now().getTime() - 300_000).toISOString()}`;
    const ticks = { 'done.cut': 'done x', 'done.deny': 'failed 2026-11-22T04:15:00.000Z' };
    fake.put({ ...record, data: { ...record.data, ...ticks, verdict } });
  }

  it('says so when nothing stands', async () => {
    const { code, io } = await status();
    expect([code, io.out()]).to.deep.equal([0, '']);
    expect(io.err()).to.equal('Nothing of kubectl ir is in the cluster, as far as can be seen.\n');
  });

  it('lists every kind with what it is for, safe for a terminal', async () => {
    putAll();
    const { code, io } = await status();
    const rows = io
      .out()
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {3,}/).slice(0, 6));
    expect(rows).to.deep.equal([
      ['ROLE', 'STATE', 'OBJECT', 'NAMESPACE', 'NODE', 'CASE'],
      ['collector', 'live', 'pod/ir-collector-1', 'kubectl-ir', 'node-b', 'ir-case\\x1b[2J'],
      ['suspect', 'isolated, HOLDS 5m ago', 'pod/shop', 'prod', 'node-a', '-'],
      ['record', 'cut, deny failed', `configmap/ir-${uid}`, 'kubectl-ir', 'node-a', '-'],
      ['policy', 'in force', `networkpolicy/ir-${uid}`, 'prod', 'node-a', '-'],
    ]);
    expect(code).to.equal(0);
  });

  it('names a collector that nobody removed as dead, and leaves it there', async () => {
    const options = {
      name: 'ir-collector-2',
      namespace: 'kubectl-ir',
      node: 'node-b',
      image: 'i',
      spoolMiB: 64,
    };
    const pod = running(collectorPod({ ...options, subjectUid: 'none' }));
    fake.put({ ...pod, status: { ...pod.status, phase: 'Succeeded' } });
    const { io } = await status();
    expect(io.out()).to.match(/^collector +dead +pod\/ir-collector-2 +kubectl-ir +node-b /m);
    expect(fake.list('pods')).to.have.length(1);
  });

  it('prints data for programs', async () => {
    putAll();
    const { kind, items } = JSON.parse((await status({ output: 'json' })).io.out()) as {
      kind: string;
      items: { role: string; about: string }[];
    };
    expect(kind).to.equal('Status');
    expect(items.map(({ role }) => role)).to.deep.equal(['collector', 'suspect', 'record', 'policy']);
    expect(new Set(items.map(({ about }) => about))).to.deep.equal(new Set([uid]));
    const names = (await status({ output: 'name' })).io.out();
    expect(names.split('\n').slice(0, 2)).to.deep.equal(['pod/ir-collector-1', 'pod/shop']);
  });

  it('shows no verdict of a pod whose containers are others by now', async () => {
    putAll();
    const record = fake.get('configmaps', 'kubectl-ir', `ir-${uid}`) as KubeObject & { data: object };
    fake.put({ ...record, data: { ...record.data, containers: 'd'.repeat(64) } });
    const { io } = await status();
    expect(io.err()).to.include('runs any more');
    expect(io.out()).to.match(/^suspect +isolated, no verdict since containers ended, drifted/m);
  });

  it('tells what others changed of an isolation', async () => {
    putAll();
    const record = fake.get('configmaps', 'kubectl-ir', `ir-${uid}`) as KubeObject & { data: object };
    fake.put({ ...record, data: { ...record.data, 'done.deny': 'done x' } });
    const policy = fake.get('networkpolicies.networking.k8s.io', 'prod', `ir-${uid}`);
    if (policy !== undefined) fake.remove(policy);
    const { io } = await status();
    expect(io.out()).to.match(/^suspect +isolated, HOLDS 5m ago, drifted/m);
    expect(io.err()).to.equal(
      `drift: pod/shop in namespace prod: networkpolicy.networking.k8s.io/ir-${uid} is gone\n`,
    );
    const { drift } = JSON.parse((await status({ output: 'json' })).io.out()) as { drift: { pod: string }[] };
    expect(drift.map(({ pod }) => pod)).to.deep.equal(['shop']);
  });

  it('says that traces have no record, and that a record is damaged', async () => {
    putAll();
    const record = fake.get('configmaps', 'kubectl-ir', `ir-${uid}`);
    fake.put({ ...record, data: { 'record.json': '{}' } });
    const { io } = await status();
    expect(io.out()).to.match(/suspect +marked, no record/);
    expect(io.out()).to.match(/record +damaged/);
    expect(io.out()).to.match(/policy +no record/);
  });

  it('is partial when something may not be looked at', async () => {
    putAll();
    fake.deny({ verb: 'list', resource: 'networkpolicies' });
    fake.deny({ verb: 'list', resource: 'pods' });
    const { code, io } = await status();
    expect(code).to.equal(3);
    expect(io.err()).to.match(/^not seen: pods in all namespaces: .*\nnot seen: pods in kubectl-ir: /);
    expect(io.out()).to.match(/record +cut/);
  });
});
