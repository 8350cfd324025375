import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { ApiError } from '../output/errors.ts';
import { errorOfAnswer, errorOfConnection } from './api-error.ts';
import { readStart } from './body.ts';
import type { Connector } from './connector.ts';

export interface DialOptions {
  readonly url: URL;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly connector: Connector;
  /** `HOST:PORT` for messages. */
  readonly host: string;
  /** How long the server may be silent before it has answered, in milliseconds; default one minute. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal;
}

/** The API server sends 32 KiB frames; a larger one than this is an attack. */
const frameLimit = 32 * 1024 * 1024;
const handshakeMs = 60_000;

/**
 * Opens a WebSocket (RFC 6455) without compression. It comes paused, so that no frame is lost before the caller has attached
 * its listeners and calls `resume()`. A refused upgrade is an ApiError with the server's Status.
 */
export async function dialWebSocket(options: DialOptions): Promise<WebSocket> {
  const { WebSocket: Client } = await import('ws');
  const { timeoutMs = handshakeMs, signal } = options;
  signal?.throwIfAborted();
  const client = new Client(options.url, [...options.protocols], {
    headers: options.headers as Record<string, string>,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: frameLimit,
    handshakeTimeout: timeoutMs,
    createConnection: asCreateConnection(options.connector, timeoutMs, signal),
  });
  return new Promise((resolve, reject) => {
    const onAbort = (): void => client.terminate();
    const fail = (error: unknown): void => {
      signal?.removeEventListener('abort', onAbort);
      client.on('error', () => undefined).terminate();
      reject(signal?.aborted === true ? abortReason(signal) : translated(error, options.host));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    client.once('error', fail);
    client.once('unexpected-response', (_request, response: IncomingMessage) => {
      refusal(response).then(fail, fail);
    });
    client.once('open', () => {
      client.pause();
      client.off('error', fail).removeAllListeners('unexpected-response');
      signal?.removeEventListener('abort', onAbort);
      resolve(client);
    });
  });
}

async function refusal(response: IncomingMessage): Promise<ApiError> {
  const { bytes } = await readStart(response, 64 * 1024);
  return errorOfAnswer(response.statusCode ?? 0, bytes.toString('utf8'));
}

/**
 * http.request takes a callback as second argument for connections that are not there at once; its types do not say so. Nor does it set
 * its timeout on a connection that it did not make; `ws` takes that away again when the WebSocket is open.
 */
function asCreateConnection(connector: Connector, timeoutMs: number, signal?: AbortSignal): () => Duplex {
  const create = (
    _options: unknown,
    done: (error: Error | null, socket?: Duplex) => void,
  ): Duplex | undefined => {
    connector.openInBlocks(signal).then(
      (socket) => done(null, socket.setTimeout(timeoutMs)),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
    return undefined;
  };
  return create as unknown as () => Duplex;
}

function translated(error: unknown, host: string): Error {
  const known = errorOfConnection(error, host);
  if (known !== undefined) return known;
  const text = error instanceof Error ? error.message : 'unknown';
  return new ApiError(`Unable to connect to the server: WebSocket: ${text}`, { status: 0, cause: error });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
}
