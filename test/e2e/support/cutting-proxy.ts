import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy on loopback that cuts every connection once so many bytes came from the server. */
export interface CuttingProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a proxy to `host:port`; `reset` cuts with RST, else both sides get an orderly end in the middle of the stream. */
export async function startCuttingProxy(
  host: string,
  port: number,
  cut: { readonly afterBytes: number; readonly reset: boolean },
): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(port, host);
    let left = cut.afterBytes;
    client.pipe(upstream);
    upstream.on('data', (data: Buffer) => {
      const piece = data.subarray(0, left);
      left -= piece.length;
      if (!client.write(piece)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
      if (left > 0) return;
      upstream.destroy();
      if (cut.reset) client.resetAndDestroy();
      else client.end();
    });
    upstream.on('end', () => client.end());
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
