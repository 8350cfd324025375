import { getEventListeners, once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { InterruptedError } from '../../src/output/errors.ts';
import { openTunnel } from '../../src/cluster/tunnel.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import { startFakeProxy } from '../fake-api/fake-proxy.ts';
import { failureOf } from '../support/failure.ts';

/** The server's side of SOCKS5 (RFC 1928) without authentication, for host names; then it echoes. */
async function startSocks(asked: string[], reply: number): Promise<net.Server> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request) => {
        const length = request[4] ?? 0;
        asked.push(`${request.toString('latin1', 5, 5 + length)}:${request.readUInt16BE(5 + length)}`);
        socket.write(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
        socket.pipe(socket);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('openTunnel', () => {
  it('speaks SOCKS5 and leaves the name to the proxy', async () => {
    const asked: string[] = [];
    const server = await startSocks(asked, 0);
    const proxy = new URL(`socks5://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { signal } = new AbortController();
    const socket = await openTunnel(proxy, 'api.example', 6443, signal);
    expect([socket.timeout ?? 0, getEventListeners(signal, 'abort').length]).to.deep.equal([0, 0]);
    socket.write('ping');
    const echo = await new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(data.toString()));
    });
    expect([asked, echo]).to.deep.equal([['api.example:6443'], 'ping']);
    socket.destroy();
    server.close();
  });

  it('names a SOCKS proxy that refuses', async () => {
    const server = await startSocks([], 2);
    const proxy = new URL(`socks5h://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect((await failureOf(openTunnel(proxy, 'api.example', 6443))).message).to.match(
      /^Unable to connect to the server: proxy 127\.0\.0\.1:\d+: .*rejected/i,
    );
    server.close();
  });

  it('ends the wait for a SOCKS proxy that does not answer when it is interrupted, and leaves no connection', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new URL(`socks5://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const interrupt = new AbortController();
    const failed = failureOf(openTunnel(proxy, 'api.example', 6443, interrupt.signal));
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    await once(socket, 'data');
    const closed = once(socket, 'close');
    interrupt.abort(new InterruptedError('stopped by SIGINT'));
    expect(await failed).to.be.instanceOf(InterruptedError);
    await closed;
    expect(await failureOf(openTunnel(proxy, 'api.example', 6443, interrupt.signal))).to.be.instanceOf(
      InterruptedError,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('names a proxy that is not there, and never its password', async () => {
    const proxy = new URL('http://me:secret@127.0.0.1:1');
    expect((await failureOf(openTunnel(proxy, 'api.example', 6443))).message).to.equal(
      'Unable to connect to the server: proxy 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  it('asks for an IPv6 address in brackets', async () => {
    const fake = await startFakeApi();
    const proxy = await startFakeProxy(new URL(fake.url));
    const socket = await openTunnel(new URL(proxy.url), '2001:db8::1', 443);
    expect(proxy.asked[0]?.authority).to.equal('[2001:db8::1]:443');
    socket.destroy();
    await proxy.close();
    await fake.close();
  });
});
