import net from 'node:net';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Credentials } from './credentials.ts';
import { hostOf, portOf } from './proxy.ts';
import { openTunnel } from './tunnel.ts';

/** Where connections go and how they are secured. */
export interface ConnectorTarget {
  readonly server: URL;
  readonly proxy: URL | undefined;
  /** PEM; undefined trusts Node's and the system's authorities. */
  readonly authority: Buffer | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
}

/** Opens one connection, TCP or TLS, ready for HTTP/1.1; rejects with the error of the socket. */
export type Connector = (signal?: AbortSignal) => Promise<Socket>;

/** As Go's dialer: how long a connection may take to come up. */
const connectMs = 30_000;

/** One way to open connections for requests and WebSockets alike, so that both obey proxy, CA and client certificate. */
export function connectorOf(target: ConnectorTarget, credentials: Credentials): Connector {
  const host = hostOf(target.server);
  const port = portOf(target.server);
  return async (signal) => {
    const raw =
      target.proxy === undefined
        ? await openDirect(host, port, signal)
        : await openTunnel(target.proxy, host, port, signal);
    raw.setNoDelay(true);
    raw.setKeepAlive(true, 30_000);
    if (target.server.protocol === 'http:') return raw;
    try {
      return await secure(raw, host, target, credentials, signal);
    } catch (error) {
      raw.destroy();
      throw error;
    }
  };
}

function openDirect(host: string, port: number, signal?: AbortSignal): Promise<Socket> {
  return settled(net.connect({ host, port }), 'connect', signal);
}

async function secure(
  raw: Socket,
  host: string,
  target: ConnectorTarget,
  credentials: Credentials,
  signal?: AbortSignal,
): Promise<Socket> {
  const certificate = await credentials.certificate(signal);
  const name = target.serverName ?? host;
  const socket = tls.connect({
    socket: raw,
    host: name,
    servername: net.isIP(name) === 0 ? name : '',
    ca: target.authority ?? [...tls.getCACertificates('default'), ...tls.getCACertificates('system')],
    rejectUnauthorized: !target.insecure,
    ALPNProtocols: ['http/1.1'],
    ...certificate,
  });
  return settled(socket, 'secureConnect', signal);
}

/** Resolves with the socket at `event`; rejects and destroys it on error, after 30 s, or when aborted. */
function settled<T extends Socket>(socket: T, event: string, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown): void => {
      socket.off(event, onReady).off('error', finish).off('close', onClose);
      socket.setTimeout(0).off('timeout', onTimeout);
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined).destroy();
      reject(error instanceof Error ? error : new Error('the connection was aborted', { cause: error }));
    };
    const onReady = (): void => finish();
    const onTimeout = (): void => finish(withCode('connect timed out', 'ETIMEDOUT'));
    const onClose = (): void => finish(withCode('closed before it was ready', 'ECONNRESET'));
    const onAbort = (): void => finish(signal?.reason);
    socket.once(event, onReady).once('error', finish).once('close', onClose);
    socket.setTimeout(connectMs).once('timeout', onTimeout);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
