import net from 'node:net';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { OperationError } from '../output/errors.ts';
import { BlockSocket } from './block-socket.ts';
import type { BlockReading } from './block-socket.ts';
import type { ClientCertificate, Credentials } from './credentials.ts';
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

/** Opens connections, TCP or TLS, ready for HTTP/1.1; both reject with the error of the socket. */
export interface Connector {
  open(signal?: AbortSignal): Promise<Socket>;
  /** For large transfers: data arrives in large blocks, unless there is a proxy in between. */
  openInBlocks(signal?: AbortSignal): Promise<Socket | BlockSocket>;
}

/** How long a connection may take to come up, as in Go's dialer. */
const connectMs = 30_000;
/**
 * How long one of several addresses of a name may take before the next is tried. Node breaks its try off then, after a quarter of a
 * second by default, which is less than a first packet takes to come back from afar or when it was lost once (RFC 6298, 2.1).
 */
const attemptMs = 2_000;

/** Opens the connections of requests and WebSockets alike, so that both use the same proxy, CA and client certificate. */
export function connectorOf(
  target: ConnectorTarget,
  credentials: Pick<Credentials, 'certificate'>,
): Connector {
  const host = hostOf(target.server);
  const port = portOf(target.server);
  const isTls = target.server.protocol === 'https:';
  const place = { host, port, autoSelectFamilyAttemptTimeout: attemptMs };
  const ready = isTls ? 'secureConnect' : 'connect';
  const contextOf = contexts(target);
  const securityOf = async (signal?: AbortSignal): Promise<tls.ConnectionOptions> =>
    isTls ? tlsOptions(target, contextOf(await credentials.certificate(signal))) : {};
  const start = (security: tls.ConnectionOptions, reading?: BlockReading): Socket =>
    isTls ? tls.connect({ ...place, ...security, ...reading }) : net.connect({ ...place, ...reading });

  const open = async (signal?: AbortSignal): Promise<Socket> => {
    const security = await securityOf(signal);
    if (target.proxy === undefined) return tuned(await settled(start(security), ready, signal));
    const tunnel = tuned(await openTunnel(target.proxy, host, port, signal));
    return isTls ? settled(tls.connect({ socket: tunnel, host, ...security }), ready, signal) : tunnel;
  };
  const openInBlocks = async (signal?: AbortSignal): Promise<Socket | BlockSocket> => {
    if (target.proxy !== undefined) return open(signal);
    const security = await securityOf(signal);
    const socket = new BlockSocket((reading) => start(security, reading));
    tuned(await settled(socket.inner, ready, signal));
    return socket.attach();
  };
  return { open, openInBlocks };
}

function tuned(socket: Socket): Socket {
  return socket.setNoDelay(true).setKeepAlive(true, 30_000);
}

/** The TLS context of a client certificate, made once for all connections that use it. */
function contexts({
  authority,
}: ConnectorTarget): (certificate: ClientCertificate | undefined) => tls.SecureContext {
  let last: { certificate: ClientCertificate | undefined; context: tls.SecureContext } | undefined;
  return (certificate) => {
    if (last === undefined || last.certificate !== certificate) {
      const ca = authority ?? [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
      last = { certificate, context: secured({ ca, ...certificate }) };
    }
    return last.context;
  };
}

/** Throws OperationError for what is no certificate or key, and for a key that is not that of the certificate. */
function secured(options: tls.SecureContextOptions): tls.SecureContext {
  try {
    return tls.createSecureContext(options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^error:[0-9A-F]*:/, '') : 'unknown';
    throw new OperationError(`tls: the client certificate or its key cannot be used: ${reason}`, {
      advice: 'look at client-certificate and client-key of the user in the kubeconfig',
      cause,
    });
  }
}

function tlsOptions(target: ConnectorTarget, secureContext: tls.SecureContext): tls.ConnectionOptions {
  const name = target.serverName ?? hostOf(target.server);
  return {
    servername: net.isIP(name) === 0 ? name : '',
    checkServerIdentity: (_host, presented) => tls.checkServerIdentity(name, presented),
    rejectUnauthorized: !target.insecure,
    ALPNProtocols: ['http/1.1'],
    secureContext,
  };
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
