import http from 'node:http';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A CONNECT proxy on loopback that leads every connection to `target`, whatever was asked for. */
export interface FakeProxy {
  readonly url: string;
  /** `HOST:PORT` and Proxy-Authorization of each CONNECT. */
  readonly asked: readonly { authority: string; authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Starts a proxy; with `refuse` it answers 407 instead. */
export async function startFakeProxy(target: URL, options: { refuse?: boolean } = {}): Promise<FakeProxy> {
  const asked: { authority: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = http.createServer();
  server.on('connect', (request, client: Socket) => {
    asked.push({ authority: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    if (options.refuse === true) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const upstream = net.connect(Number(target.port), target.hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}
