import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Socket } from 'node:net';
import { ApiError } from '../output/errors.ts';
import { hostOf, portOf } from './proxy.ts';

/**
 * A connection to `host:port` through a proxy: by CONNECT (RFC 9110 section 9.3.6) for http and https proxies, else by SOCKS5,
 * with the user and password of the proxy's URL. Throws ApiError when the proxy refuses. Stops waiting when aborted.
 */
export function openTunnel(proxy: URL, host: string, port: number, signal?: AbortSignal): Promise<Socket> {
  return proxy.protocol.startsWith('socks')
    ? openSocksTunnel(proxy, host, port, signal)
    : openConnectTunnel(proxy, host, port, signal);
}

const tunnelMs = 30_000;

function openConnectTunnel(proxy: URL, host: string, port: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const credentials = credentialsOf(proxy);
    const request = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: hostOf(proxy),
      port: portOf(proxy),
      path: authority,
      headers: {
        host: authority,
        ...(credentials === undefined
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
      agent: false,
      timeout: tunnelMs,
      ...(signal === undefined ? {} : { signal }),
    });
    request.on('connect', (response, socket: Socket) => {
      if (response.statusCode === 200) {
        socket.setTimeout(0);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(refused(proxy, `HTTP ${response.statusCode ?? 0}`));
    });
    request.on('timeout', () => request.destroy(refused(proxy, `no answer in ${tunnelMs / 1000} s`)));
    request.on('response', (response) => {
      response.destroy();
      reject(refused(proxy, `HTTP ${response.statusCode ?? 0}`));
    });
    request.on('error', (error) => {
      reject(error instanceof ApiError ? error : refused(proxy, error.message));
    });
    request.end();
  });
}

async function openSocksTunnel(
  proxy: URL,
  host: string,
  port: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const { SocksClient } = await import('socks');
  signal?.throwIfAborted();
  const socket = net.connect({ host: hostOf(proxy), port: portOf(proxy) });
  const stop = (why: string) => () => void socket.destroy(new Error(why));
  const onAbort = stop('interrupted');
  const onTimeout = stop(`no answer in ${tunnelMs / 1000} s`);
  signal?.addEventListener('abort', onAbort, { once: true });
  socket.setTimeout(tunnelMs, onTimeout);
  try {
    await once(socket, 'connect');
    await SocksClient.createConnection({
      proxy: {
        host: hostOf(proxy),
        port: portOf(proxy),
        type: 5,
        ...(proxy.username === ''
          ? {}
          : {
              userId: decodeURIComponent(proxy.username),
              password: decodeURIComponent(proxy.password),
            }),
      },
      command: 'connect',
      destination: { host, port },
      timeout: tunnelMs,
      existing_socket: socket,
    });
    return socket.setTimeout(0).off('timeout', onTimeout);
  } catch (error) {
    socket.destroy();
    signal?.throwIfAborted();
    throw refused(proxy, error instanceof Error ? error.message : 'unknown');
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function credentialsOf(proxy: URL): string | undefined {
  if (proxy.username === '') return undefined;
  return `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
}

function refused(proxy: URL, reason: string): ApiError {
  return new ApiError(`Unable to connect to the server: proxy ${proxy.host}: ${reason}`, { status: 0 });
}
