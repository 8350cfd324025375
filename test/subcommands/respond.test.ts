import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { command } from '../../src/subcommands/respond.ts';
import { addNode } from '../collector/fake-kubelet.ts';
import { localNode } from '../collector/local-node.ts';
import { stickCollectors } from '../collector/stuck-collector.ts';
import { failure } from '../fake-api/answer.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';

describe('respond', () => {
  let fake: FakeApi;
  let dir: string;
  let io: MemoryIo;

  beforeEach(async () => {
    fake = await startFakeApi();
    dir = await mkdtemp(join(tmpdir(), 'respond-'));
    io = memoryIo();
    fake.put(aNode('node-a'));
    fake.put(aPod('web'));
  });
  afterEach(async () => {
    await fake.close();
    await rm(dir, { recursive: true, force: true });
  });

  const respond = (words: string[], flags: Record<string, unknown>): Promise<number> =>
    command.start(
      words,
      {
        'collector-namespace': 'kubectl-ir',
        skip: [],
        detach: false,
        cordon: false,
        'dry-run': 'none',
        yes: false,
        case: join(dir, 'case'),
        ...flags,
      },
      { io, global: { server: fake.url, token: 'fake-token' }, signal: new AbortController().signal },
    );
  const changes = (): unknown[] =>
    fake.requests.filter(
      ({ method, path }) => method !== 'GET' && !/selfsubject(access|rules)?reviews$/.test(path),
    );

  it('asks for consent when it cannot ask the user', async () => {
    const refused = await failureOf(respond(['web'], {}));
    expect(refused).to.include({
      name: 'UsageError',
      message: 'respond changes the cluster; add --yes, or --dry-run=client to see the plan',
    });
  });

  it('prints the plan and changes nothing with --dry-run=client', async () => {
    expect(await respond(['web'], { 'dry-run': 'client' })).to.equal(0);
    expect(io.out())
      .to.match(/^Pod {7}web on node-a/)
      .and.to.include('verify');
    expect(changes()).to.deep.equal([]);
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('begins nothing for a pod that does not exist, and names the nearest', async () => {
    const refused = await failureOf(respond(['wep'], { yes: true }));
    expect(refused.message).to.equal('pod "wep" not found in namespace "default"; nearest: web');
    expect(await readdir(dir)).to.deep.equal([]);
  });

  describe('where no collector can be', () => {
    /** What the namespace of collectors answers where pod security holds there. */
    const enforceBaseline = (): void =>
      fake.intercept(({ method, path }) =>
        method === 'POST' && path === '/api/v1/namespaces/kubectl-ir/pods'
          ? failure(403, 'Forbidden', 'pods "x" is forbidden: violates PodSecurity "baseline:latest"')
          : undefined,
      );
    const acquired = async (): Promise<string[]> => {
      const names = await readdir(join(dir, 'case/data/acquisitions'));
      return names.map((name) => name.replace(/^[^-]+-/, '')).sort();
    };

    it('contains by the API, takes what API server and kubelet give, and seals and packs it', async () => {
      enforceBaseline();
      expect(await respond(['web'], { yes: true })).to.equal(3);
      const why = /violates PodSecurity/g;
      expect(io.err()).to.match(
        /^ {3}fail {3}collector .*violates PodSecurity.*; going on by the API alone$/m,
      );
      expect(io.err()).to.include('warning: allow privileged pods there: kubectl label namespace kubectl-ir');
      expect(io.err().match(why)).to.have.length(1);
      expect(io.err()).to.match(/^ {3}part {3}isolate .*UNVERIFIED$/m);
      expect(io.err()).to.match(/^ {3}done {3}archive .*sealed$/m);
      expect(io.err()).to.include(`Undo      kubectl ir release web -n default --server=${fake.url}\n`);
      expect(io.out()).to.match(
        /^UNVERIFIED {3}pod\/web: .*\n {3}nothing was measured: .*violates PodSecurity/,
      );
      const uid = fake.get('pods', 'default', 'web')?.metadata.uid ?? '';
      for (const resource of ['networkpolicies.networking.k8s.io', 'poddisruptionbudgets.policy'])
        expect(fake.list(resource, 'default').map(({ metadata }) => metadata.name)).to.deep.equal([
          `ir-${uid}`,
        ]);
      expect(await acquired()).to.deep.equal(['node-node-a', 'pod-web']);
      expect(await readdir(join(dir, 'case'))).to.include('tagmanifest-sha256.txt');
      expect((await readdir(dir)).filter((name) => name.endsWith('.tar.gz'))).to.have.length(1);
    });

    it('says so as data, on a node that is not ready too', async () => {
      const node = aNode('node-b');
      const conditions = [
        { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped' },
      ];
      fake.put({ ...node, status: { ...node.status, conditions } });
      const pod = aPod('db');
      fake.put({ ...pod, spec: { ...pod.spec, nodeName: 'node-b' } });
      expect(await respond(['db'], { yes: true, output: 'json' })).to.equal(3);
      const response = JSON.parse(io.out()) as { failures: string[]; archive?: object };
      expect(response).to.include({
        noCollector: 'node node-b is not ready: NodeStatusUnknown, Kubelet stopped',
      });
      expect(response).to.have.nested.property('isolation.verification.verdict', 'UNVERIFIED');
      expect(response).to.include.keys('pod', 'node', 'findings', 'archive');
      expect(response).not.to.have.any.keys('volatile', 'diff');
      const lacking = 'without a collector there is only what the API server and the kubelet hand out';
      expect(response.failures).to.include.members([
        'isolate: cut not placed: no collector on node node-b',
        `pod: ${lacking}`,
        `node: ${lacking}`,
      ]);
    });

    it('tells verdict and undo although the case can not be sealed', async () => {
      enforceBaseline();
      const place = join(dir, 'case');
      await (await openCase(io, { dir: place, target: 'web' })).close();
      await symlink('/etc/passwd', join(place, 'data/link'));
      expect(await respond(['web'], { yes: true })).to.equal(3);
      expect(io.err()).to.match(
        /^ {3}fail {3}seal .*cannot seal the case: data\/link can be no file of a bag$/m,
      );
      expect(io.err()).to.include('warning: not complete: seal: cannot seal the case');
      expect(io.err()).not.to.match(/ archive .*(?:sealed|cannot)/);
      expect(io.err()).to.include(`To do     seal and pack it: kubectl ir archive ${place}`);
      expect(io.err()).to.include('Undo      kubectl ir release web -n default');
      expect(io.out()).to.match(/^UNVERIFIED {3}pod\/web/);
    });
  });

  it('tells what it came to although its collector is not gone', async () => {
    const node = localNode();
    try {
      addNode(fake, node);
      // The node answers that it is there, and then no more.
      stickCollectors(fake, 1);
      expect(await respond(['web'], { yes: true })).to.equal(3);
    } finally {
      node.remove();
    }
    expect(io.err()).to.match(/^ {3}done {3}collector .*on node-a$/m);
    expect(io.err()).to.match(/^warning: it ends itself within \d+ s; .*kubectl ir cleanup$/m);
    expect(io.err()).to.match(/^ {3}done {3}archive .*sealed$/m);
    expect(io.err()).to.match(
      /^warning: not complete: the collector pod \S+ is not gone: .*: request timed out$/m,
    );
    expect(io.err()).to.include('Undo      kubectl ir release web -n default');
    expect(io.out()).to.match(/^UNVERIFIED {3}pod\/web/);
  });
});
