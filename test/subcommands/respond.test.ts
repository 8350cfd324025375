import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../../src/subcommands/respond.ts';
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
    const failure = await failureOf(respond(['web'], {}));
    expect(failure).to.include({
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
    const failure = await failureOf(respond(['wep'], { yes: true }));
    expect(failure.message).to.equal('pod "wep" not found in namespace "default"; nearest: web');
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('begins nothing on a node that is not ready', async () => {
    const node = aNode('node-b');
    const conditions = [
      { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped' },
    ];
    fake.put({ ...node, status: { ...node.status, conditions } });
    const pod = aPod('db');
    fake.put({ ...pod, spec: { ...pod.spec, nodeName: 'node-b' } });
    const failure = await failureOf(respond(['db'], { yes: true }));
    expect(failure.message).to.include('node "node-b" is NotReady (NodeStatusUnknown: Kubelet stopped)');
    expect(changes()).to.deep.equal([]);
  });
});
