import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { deleteObject, getObjectOrUndefined } from '../../src/cluster/apply.ts';
import { readAll } from '../../src/cluster/body.ts';
import { connect } from '../../src/cluster/connect.ts';
import { ApiError, OperationError } from '../../src/output/errors.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('HttpApi', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  it('gives bodies byte for byte', async () => {
    const body = Buffer.from([0, 255, 10, 13, 195, 40]);
    fake.intercept(() => ({ status: 200, body }));
    const api = await fake.connect();
    const answer = await api.request({ path: '/version' });
    expect((await readAll(answer.body, 100)).equals(body)).to.equal(true);
  });

  it('sends token, impersonation and query as they are', async () => {
    const api = await fake.connect({ as: 'jane', 'as-group': ['a', 'b'], 'as-uid': '7' });
    await api.json({ path: '/version', query: { a: ['1', '2'], b: 'x&y z', c: undefined, d: true } });
    const [request] = fake.requests;
    expect(request?.headers).to.include({
      authorization: 'Bearer fake-token',
      'impersonate-user': 'jane',
      'impersonate-uid': '7',
      'impersonate-group': 'a, b',
    });
    expect(request?.query.toString()).to.equal('a=1&a=2&b=x%26y+z&d=true');
  });

  it('impersonates a name of any language, in requests and WebSockets alike', async () => {
    const api = await fake.connect({ as: 'jörg', 'as-group': ['監査'] });
    await api.json({ path: '/version' });
    (await api.dial('/api/v1/namespaces/default/pods/web/exec', {}, ['v5.channel.k8s.io'])).terminate();
    const utf8 = (value: unknown): string => Buffer.from(String(value), 'latin1').toString('utf8');
    expect(
      fake.requests.map(({ headers }) =>
        [headers['impersonate-user'], headers['impersonate-group']].map(utf8),
      ),
    ).to.deep.equal([
      ['jörg', '監査'],
      ['jörg', '監査'],
    ]);
  });

  it('keeps the path of a server that has one', async () => {
    const api = await fake.connect({ server: `${fake.url}/k8s/clusters/c-1/` });
    fake.intercept(() => ({ status: 200, body: '{}' }));
    await api.json({ path: '/version' });
    expect(fake.requests[0]?.path).to.equal('/k8s/clusters/c-1/version');
  });

  it('uses its connections again', async () => {
    const ports = new Set<unknown>();
    const api = await fake.connect();
    fake.intercept(() => ({ status: 200, body: '{}' }));
    for (let i = 0; i < 20; i += 1) await api.json({ path: '/version' });
    for (const { remotePort } of fake.requests) ports.add(remotePort);
    expect(ports.size).to.be.at.most(2);
  });

  it('prints each warning once, escaped', async () => {
    const io = memoryIo();
    const api = await fake.connect({}, io);
    fake.intercept(() => ({ status: 200, body: '{}', headers: { warning: '299 - "old\u009b2J"' } }));
    await api.json({ path: '/version' });
    await api.json({ path: '/version' });
    expect(io.err()).to.equal('Warning: old\\xc2\\x9b2J\n');
  });

  it('waits as a busy server asks, and then goes on', async () => {
    let answers = 0;
    const slept: number[] = [];
    const io = memoryIo({ sleep: (ms) => Promise.resolve(void slept.push(ms)) });
    fake.intercept(() => {
      answers += 1;
      return answers < 3 ? { status: 429, body: '', headers: { 'retry-after': '2' } } : undefined;
    });
    expect(await (await fake.connect({}, io)).json({ path: '/version' })).to.have.property('major');
    expect(slept).to.deep.equal([2000, 2000]);
  });

  it('does not wait for a busy server for ever', async () => {
    fake.intercept(() => ({ status: 429, body: 'busy', headers: { 'retry-after': '999999' } }));
    const error = await failureOf((await fake.connect()).json({ path: '/version' }));
    expect(error).to.include({ status: 429, message: 'busy' });
    expect(fake.requests).to.have.length(6);
  });

  it('does not take a proxy’s 404 for an object that is gone', async () => {
    fake.intercept(() => ({ status: 404, body: '404 page not found\n' }));
    const ref = { apiVersion: 'v1', resource: 'pods', namespace: 'default', name: 'web' };
    const api = await fake.connect();
    for (const asked of [getObjectOrUndefined(api, ref), deleteObject(api, ref)]) {
      expect(await failureOf(asked)).to.include({ status: 404, reason: '' });
    }
  });

  it('says what is no JSON', async () => {
    fake.intercept(() => ({ status: 200, body: '<html>' }));
    const error = await failureOf((await fake.connect()).json({ path: '/version' }));
    expect(error.message).to.equal('the answer to GET /version is not JSON');
  });

  it('has kubectl’s words for a server that is not there', async () => {
    const server = 'http://127.0.0.1:1';
    const error = await failureOf((await fake.connect({ server })).json({ path: '/version' }));
    expect(error).to.be.instanceOf(ApiError);
    expect(error.message).to.equal(
      'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
    );
    expect(await failureOf((await fake.connect({ server })).dial('/x', {}, ['a']))).to.have.property(
      'message',
      error.message,
    );
  });

  it('ends a request at --request-timeout', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const api = await fake.connect({ server: `http://127.0.0.1:${port}`, 'request-timeout': '50ms' });
    const error = await failureOf(api.json({ path: '/version' }));
    expect(error.message).to.match(/^Unable to connect to the server: context deadline exceeded/);
    await api.close();
    silent.close();
  });

  it('counts for --request-timeout only the request, not a login before it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'http-api-'));
    const apiVersion = 'client.authentication.k8s.io/v1';
    const credential = JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: 'late' } });
    const script = `sleep 1.2; printf %s '${credential}'`;
    const exec = { apiVersion, command: 'sh', args: ['-c', script], interactiveMode: 'Never' };
    const kubeconfig = join(dir, 'config');
    await writeFile(
      kubeconfig,
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: fake.url } }],
        users: [{ name: 'u', user: { exec } }],
      }),
    );
    try {
      const api = await connect(memoryIo({ env: process.env }), { kubeconfig, 'request-timeout': '1s' });
      expect(await api.json({ path: '/version' })).to.have.property('major', '1');
      expect(fake.requests[0]?.headers.authorization).to.equal('Bearer late');
      await api.close();
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('does not wait for the answer to a WebSocket for ever', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const api = await fake.connect({ server: `http://127.0.0.1:${port}`, 'request-timeout': '50ms' });
    const given = AbortSignal.timeout(1500);
    const error = await failureOf(api.dial('/x', {}, ['v5.channel.k8s.io'], given));
    expect(error.message).to.equal(
      'Unable to connect to the server: WebSocket: Opening handshake has timed out',
    );
    silent.close();
  });

  it('leaves a WebSocket that is open alone', async () => {
    const api = await fake.connect({ 'request-timeout': '50ms' });
    let late = (): void => undefined;
    fake.onExec(async (exec) => {
      await new Promise<void>((resolve) => (late = resolve));
      await exec.exit(0);
    });
    const socket = await api.dial('/api/v1/namespaces/default/pods/web/exec', {}, ['v5.channel.k8s.io']);
    socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(socket.readyState).to.equal(socket.OPEN);
    late();
    socket.terminate();
  });

  it('gives the reason of an abort', async () => {
    const controller = new AbortController();
    fake.intercept(() => {
      controller.abort(new OperationError('stop'));
      return undefined;
    });
    const api = await fake.connect();
    const error = await failureOf(api.json({ path: '/version', signal: controller.signal }));
    expect(error.message).to.equal('stop');
  });

  it('tells a body that breaks off from one that ended', async () => {
    const server = net.createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const api = await fake.connect({ server: `http://127.0.0.1:${port}` });
    const error = await failureOf(api.json({ path: '/version' }));
    expect(error).to.be.instanceOf(ApiError);
    expect(error.message).to.match(/^Unable to connect to the server: .*unexpected EOF$/);
    await api.close();
    server.close();
  });

  it('asks once more when a kept connection was closed under a GET, never for a change', async () => {
    let cuts = 0;
    const server = net.createServer((socket) => {
      socket.once('data', () => {
        cuts += 1;
        if (cuts % 2 === 1) socket.destroy();
        else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const api = await fake.connect({ server: `http://127.0.0.1:${port}` });
    expect(await api.json({ path: '/version' })).to.deep.equal({});
    expect(await failureOf(api.json({ method: 'POST', path: '/x', body: {} }))).to.be.instanceOf(ApiError);
    expect(cuts).to.equal(3);
    await api.close();
    server.close();
  });
});
