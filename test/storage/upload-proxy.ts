import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy on loopback that cuts everything once so many bytes went to the server, until it is told to let pass. */
export interface UploadProxy {
  readonly port: number;
  /** Cuts after so many more bytes; Infinity lets all pass. */
  cutAfter(bytes: number): void;
  close(): Promise<void>;
}

/** Starts a proxy to a port of loopback; it lets all pass at first. */
export async function startUploadProxy(port: number): Promise<UploadProxy> {
  const sockets = new Set<Socket>();
  let left = Infinity;
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
    client.on('data', (data: Buffer) => {
      const piece = data.subarray(0, left);
      left -= piece.length;
      if (!upstream.write(piece)) {
        client.pause();
        upstream.once('drain', () => client.resume());
      }
      if (left <= 0) setImmediate(cut);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter: (bytes) => {
      // A part of a byte would be left for ever: a connection that swallows all and is never cut.
      left = Math.floor(bytes);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
