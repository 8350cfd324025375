import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { type Phase, triage } from '../../../src/evidence/phases.ts';
import { openAcquisition } from '../../../src/evidence/reader.ts';
import { createProgress } from '../../../src/output/progress.ts';
import { isWhole } from '../../../src/subcommands/snapshot/present.ts';
import { collect, type Taken, type Wanted } from '../../../src/subcommands/snapshot/collect.ts';
import { addNode } from '../../collector/fake-kubelet.ts';
import { localNode, type LocalNode } from '../../collector/local-node.ts';
import { stickCollectors } from '../../collector/stuck-collector.ts';
import { fakeCluster } from '../../fake-api/fake-cluster.ts';
import { memoryIo, type MemoryIo } from '../../support/memory-io.ts';

const { signal } = new AbortController();
const phases: readonly Phase[] = ['envelope', 'cluster', 'config', 'logs'];
const flags = {
  'collector-image': undefined,
  'collector-namespace': 'kubectl-ir',
  'collector-pull-secret': undefined,
};

describe('collect', function () {
  this.timeout(60_000);
  const cluster = fakeCluster();
  let root: string;
  let node: LocalNode;
  let io: MemoryIo;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'collect-'));
    mkdirSync(join(root, 'node/etc'), { recursive: true });
    mkdirSync(join(root, 'node/var/log'), { recursive: true });
    writeFileSync(join(root, 'node/etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
    writeFileSync(join(root, 'node/etc/shadow'), 'root:secret:1::::::\n');
    writeFileSync(join(root, 'node/var/log/syslog'), 'a line\n');
    node = localNode(join(root, 'node'));
    io = memoryIo({ env: { XDG_STATE_HOME: join(root, 'state') } });
  });
  afterEach(() => {
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const take = async (more: Partial<Wanted> = {}): Promise<Taken> => {
    const opened = await openCase(io, { dir: join(root, 'case'), target: 'x' });
    try {
      const context = { io, global: {}, signal };
      const collection = { api: cluster.api, opened, context, flags, progress: createProgress(io) };
      const allow = (): Promise<boolean> => Promise.resolve(true);
      const wanted = {
        kind: 'node',
        target: 'node-a',
        node: 'node-a',
        phases,
        choice: triage,
        allow,
        ...more,
      } as const;
      return await collect(collection, wanted);
    } finally {
      await opened.close();
    }
  };
  /** The same over a network that dies when the envelope is taken: the probe, the clock and the envelope pass. */
  const broken = async (more: Partial<Wanted> = {}): Promise<Taken> => {
    let execs = 0;
    cluster.fake.intercept(({ path }) => {
      if (path.endsWith('/exec')) execs += 1;
      return path.endsWith('/exec') && execs > 3 ? { status: 502, body: 'gone' } : undefined;
    });
    const taken = await take(more);
    cluster.fake.intercept(() => undefined);
    return taken;
  };
  const names = async ({ acquisition }: Taken): Promise<string[]> =>
    (await openAcquisition(acquisition.dir)).items.map(({ name }) => name);

  it('takes the parts, and records clock, footprint and what the secrets are known by', async () => {
    addNode(cluster.fake, node);
    const taken = await take();
    expect(taken.summary.incomplete).to.deep.equal([]);
    const { info, items } = await openAcquisition(taken.acquisition.dir);
    expect(info.clockAfter).to.have.property('skewMs');
    expect(info.footprint).to.have.property('directories');
    expect(items.map(({ name }) => name)).to.include.members(['[root]/etc/passwd', '[root]/var/log/syslog']);
    const shadow = items.find(({ name }) => name === '[root]/etc/shadow');
    expect(shadow?.detail).to.match(/^secret, hmac-sha256 [0-9a-f]{64}$/);
    expect(taken.acquisition.secrets).to.equal(1);
  });

  it('goes on where the stream broke, and has every source in the end', async () => {
    addNode(cluster.fake, node);
    const whole = await names(await take());
    rmSync(join(root, 'case'), { recursive: true });
    const first = await broken();
    expect(first.acquisition.outcome).to.equal('partial');
    const second = await take();
    expect(second.resumes).to.have.length(1);
    expect(second.summary.phases.map(({ phase }) => phase)).to.deep.equal(['envelope', 'config', 'logs']);
    expect(second.acquisition.outcome).to.equal('complete');
    const both = new Set([...(await names(first)), ...(await names(second))]);
    expect([...both].sort()).to.deep.equal(whole.sort());
    expect((await take()).resumes).to.deep.equal([]);
  });

  it('goes on with a time however long ago it is by then, and never with another pod or other memory', async () => {
    addNode(cluster.fake, node);
    const since = (minutes: number): Partial<Wanted> => ({
      choice: { ...triage, since: '2026-11-25T04:15:00Z', sinceMinutes: minutes },
    });
    await broken(since(5));
    expect((await take(since(6))).resumes).to.have.length(1);
    const pod = (uid: string, memory: readonly number[]): Partial<Wanted> => ({
      kind: 'pod',
      target: 'web',
      uid,
      phases: ['envelope', 'config', 'logs'],
      subject: { uid, containers: [], logs: `shop_web_${uid}`, memory, pod: {} },
    });
    await broken(pod('a', [1]));
    expect((await take(pod('b', [1]))).resumes).to.have.length(0);
    expect((await take(pod('a', [2]))).resumes).to.have.length(0);
    expect((await take(pod('a', [1]))).resumes).to.have.length(1);
  });

  it('keeps what came when the collector is not gone, and says what is left', async () => {
    addNode(cluster.fake, node);
    stickCollectors(cluster.fake);
    const taken = await take();
    cluster.fake.intercept(() => undefined);
    expect(taken.acquisition.outcome).to.equal('complete');
    expect(taken.left?.message).to.match(/^the collector pod \S+ is not gone: .*request timed out$/);
    expect(taken.left?.advice).to.match(/it ends itself within \d+ s; .*kubectl ir cleanup$/);
    expect(isWhole(taken)).to.equal(false);
  });

  it('asks API server and kubelet where no privileged pod may run, and says so', async () => {
    addNode(cluster.fake);
    cluster.fake.deny({ verb: 'create', resource: 'pods' });
    const taken = await take();
    expect(taken.remote).to.be.a('string');
    expect(taken.acquisition.outcome).to.equal('partial');
    expect(io.err()).to.match(/^ {3}fail {3}collector .*cannot create pods.*; going on by the API alone$/m);
    const { items } = await openAcquisition(taken.acquisition.dir);
    expect(items.find(({ name }) => name === 'live_response/kubernetes/node.json')?.outcome).to.equal('ok');
    expect(items.find(({ name }) => name === 'live_response/phases/config.json')?.outcome).to.equal('denied');
  });
});
