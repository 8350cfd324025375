import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { objectNames } from '../../src/cluster/object-names.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const signal = new AbortController().signal;
const pods = { resource: 'pods', prefix: '' } as const;
const nodes = { resource: 'nodes', prefix: '' } as const;

describe('objectNames', () => {
  let fake: FakeApi;
  beforeEach(async () => (fake = await startFakeApi()));
  afterEach(() => fake.close());

  const ask = async (wanted: Parameters<typeof objectNames>[2]): Promise<string[][]> => {
    const io = memoryIo({ interactive: true });
    const names = await objectNames(io, { server: fake.url, token: 'fake-token' }, wanted, { signal });
    expect([io.out(), io.err()]).to.deep.equal(['', '']);
    return names;
  };

  it('gives names of each kind that begin as wanted', async () => {
    for (const name of ['web-0', 'web-1', 'api']) fake.put(aPod(name));
    fake.put(aNode('node-a'));
    expect(
      await ask([{ ...pods, prefix: 'web' }, nodes, { resource: 'namespaces', prefix: '' }]),
    ).to.deep.equal([['web-0', 'web-1'], ['node-a'], ['default']]);
  });

  it('reads metadata alone of a server that can leave out the rest', async () => {
    fake.put(aPod('web-0'));
    const item = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'meta' } };
    fake.intercept(({ path, headers }) => {
      const [first = '', ...others] = (headers.accept ?? '').split(',');
      expect(others).to.deep.equal(['application/json']);
      if (!path.endsWith('/pods') || !first.includes(';as=PartialObjectMetadataList;')) return undefined;
      const body = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', items: [item] };
      return { status: 200, body };
    });
    expect(await ask([pods, { resource: 'namespaces', prefix: '' }])).to.deep.equal([['meta'], ['default']]);
  });

  it('asks nobody when nothing is wanted', async () => {
    expect(await ask([])).to.deep.equal([]);
    expect(fake.requests).to.deep.equal([]);
  });

  it('leaves out what is no name, whatever a server sends', async () => {
    const names = [
      'web\n--yes',
      '$(id)',
      '`id`',
      'a\u001b[2J',
      '-x',
      'UP',
      '',
      'x'.repeat(300),
      7,
      null,
      'ok',
    ];
    const items = [...names.map((name) => ({ metadata: { name } })), {}, { metadata: {} }];
    fake.intercept(() => ({ status: 200, body: { kind: 'PodList', apiVersion: 'v1', items } }));
    expect(await ask([pods])).to.deep.equal([['ok']]);
  });

  it('reads no further than a screen has use for', async () => {
    for (let i = 0; i < 1200; i += 1) fake.put(aPod(`p-${i}`));
    expect((await ask([pods]))[0]).to.have.length(500);
    expect(fake.requests).to.have.length(1);
  });

  it('gives what it may see, and says nothing of the rest or of warnings', async () => {
    fake.put(aNode('node-a'));
    fake.deny({ resource: 'pods' });
    expect(await ask([pods, nodes])).to.deep.equal([[], ['node-a']]);
    const headers = { warning: '299 - "old"' };
    fake.intercept(() => ({ status: 200, headers, body: { kind: 'PodList', apiVersion: 'v1', items: [] } }));
    expect(await ask([pods])).to.deep.equal([[]]);
    fake.intercept(() => ({ status: 200, body: 'no JSON' }));
    expect(await ask([pods])).to.deep.equal([[]]);
  });

  it('gives nothing where there is no cluster', async () => {
    const io = memoryIo();
    const none = { kubeconfig: '/nowhere', context: 'nope' };
    expect(await objectNames(io, none, [pods], { signal })).to.deep.equal([[]]);
    expect(io.err()).to.equal('');
  });

  it('does not wait for a server that is silent', async () => {
    const server = http.createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const limits = { signal, withinMs: 100 };
    expect(await objectNames(memoryIo(), { server: url, token: 'x' }, [pods], limits)).to.deep.equal([[]]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('does not wait for a program that fetches credentials', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'object-names-'));
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', `sleep 2; : >${dir}/ended`],
      interactiveMode: 'IfAvailable',
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: fake.url } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    const kubeconfig = join(dir, 'config');
    await writeFile(kubeconfig, JSON.stringify(config));
    const limits = { signal, withinMs: 100 };
    expect(await objectNames(memoryIo(), { kubeconfig }, [pods], limits)).to.deep.equal([[]]);
    expect((await failureOf(access(join(dir, 'ended')))).message).to.include('ENOENT');
    await rm(dir, { recursive: true });
  });
});
