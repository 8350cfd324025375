import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { connectorOf } from '../../src/cluster/connector.ts';
import type { ConnectorTarget } from '../../src/cluster/connector.ts';
import { resolveConnection } from '../../src/cluster/connection.ts';
import { fixedCredentials } from '../../src/cluster/credentials.ts';
import { HttpApi } from '../../src/cluster/http-api.ts';
import { parseKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { OperationError } from '../../src/output/errors.ts';
import { startFakeApi, tlsFixture } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

/** Takes no connection for half a second, in which its queue is full, so that the kernel drops what asks for one; then it takes all. */
const lateListener = `
import socket, time
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(0)
waiting = []
while True:
    waiting.append(socket.socket())
    waiting[-1].settimeout(0.2)
    try: waiting[-1].connect(server.getsockname())
    except TimeoutError: break
print(server.getsockname()[1], flush=True)
time.sleep(0.5)
while True: waiting.append(server.accept())
`;

describe('connectorOf', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi({ tls: true });
  });
  afterEach(() => fake.close());

  const open = (changes: Partial<ConnectorTarget> = {}, signal?: AbortSignal) =>
    connectorOf(
      {
        server: new URL(fake.url),
        proxy: undefined,
        authority: tlsFixture('ca.crt'),
        insecure: false,
        serverName: undefined,
        ...changes,
      },
      fixedCredentials(undefined, { cert: tlsFixture('client.crt'), key: tlsFixture('client.key') }),
    ).open(signal);

  it('opens a verified TLS connection for HTTP/1.1', async () => {
    const socket = await open();
    if (!(socket instanceof TLSSocket)) throw new Error('not a TLS connection');
    expect([socket.authorized, socket.alpnProtocol]).to.deep.equal([true, 'http/1.1']);
    expect(socket.listenerCount('error')).to.equal(0);
    socket.destroy();
  });

  it('reads a certificate once for all connections, and a renewed one anew', async () => {
    let read = 0;
    const readable = () => ({
      cert: tlsFixture('client.crt'),
      get key() {
        read += 1;
        return tlsFixture('client.key');
      },
    });
    let certificate = readable();
    const credentials = { certificate: () => Promise.resolve(certificate) };
    const connector = connectorOf(
      {
        ...{ server: new URL(fake.url), proxy: undefined, insecure: false, serverName: undefined },
        authority: tlsFixture('ca.crt'),
      },
      credentials,
    );
    for (let i = 0; i < 3; i += 1) (await connector.open()).destroy();
    expect(read).to.equal(1);
    certificate = readable();
    (await connector.open()).destroy();
    (await connector.openInBlocks()).destroy();
    expect(read).to.equal(2);
  });

  for (const [what, certificate] of [
    ['no certificate', { cert: Buffer.from('c'), key: tlsFixture('client.key') }],
    ['no key', { cert: tlsFixture('client.crt'), key: Buffer.alloc(0) }],
    ['the key of another', { cert: tlsFixture('client.crt'), key: tlsFixture('server.key') }],
  ] as const)
    it(`says what is ${what}, and of whom`, async () => {
      const api = new HttpApi(
        {
          connection: resolveConnection(parseKubeconfig('', '/k'), { server: fake.url }),
          credentials: fixedCredentials(undefined, certificate),
          connector: connectorOf(
            {
              ...{ server: new URL(fake.url), proxy: undefined, insecure: false, serverName: undefined },
              authority: tlsFixture('ca.crt'),
            },
            fixedCredentials(undefined, certificate),
          ),
          timeoutMs: undefined,
          warn: () => undefined,
        },
        memoryIo(),
      );
      for (const asked of [api.json({ path: '/version' }), api.dial('/x', {}, ['v5.channel.k8s.io'])]) {
        const error = await failureOf(asked);
        expect(error).to.be.instanceOf(OperationError);
        expect(error.message).to.match(/^tls: the client certificate or its key cannot be used: /);
      }
      await api.close();
    });

  it('opens a plain connection for http', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const socket = await open({ server: new URL(`http://127.0.0.1:${port}`) });
    expect(socket).not.to.be.instanceOf(TLSSocket);
    socket.destroy();
    server.close();
  });

  it('refuses another name and another authority', async () => {
    expect(await failureOf(open({ serverName: 'other.example' }))).to.have.property(
      'code',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    expect(await failureOf(open({ serverName: '10.0.0.1' }))).to.have.property(
      'code',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    expect(await failureOf(open({ authority: tlsFixture('server.crt') }))).to.have.property('code');
  });

  it('waits for the first address of a name when its first packet was lost', async () => {
    const listener = spawn('/usr/bin/python3', ['-c', lateListener], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { lookup } = dns;
    try {
      const [port] = (await once(listener.stdout, 'data')) as [Buffer];
      const found = ['127.0.0.1', '::1'].map((address) => ({ address, family: net.isIP(address) }));
      const answer = (_name: string, _how: object, done: (error: null, found: object) => void): void =>
        done(null, found);
      Object.assign(dns, { lookup: answer });
      const socket = await open({ server: new URL(`http://far.example:${String(port).trim()}`) });
      expect(socket.remoteAddress).to.equal('127.0.0.1');
      socket.destroy();
    } finally {
      Object.assign(dns, { lookup });
      listener.kill();
    }
  }).timeout(10_000);

  it('notices a server that hangs up before it is ready', async () => {
    const server = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await failureOf(open({ server: new URL(`https://127.0.0.1:${port}`) }))).to.have.property('code');
    server.close();
  });

  it('gives the reason of an abort', async () => {
    const error = await failureOf(open({}, AbortSignal.abort(new Error('stop'))));
    expect(error.message).to.equal('stop');
  });
});
