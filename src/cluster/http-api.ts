import type { Dispatcher } from 'undici';
import type WebSocket from 'ws';
import { ApiError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { errorOfAnswer, errorOfConnection } from './api-error.ts';
import type { Api, ApiRequest, ApiResponse, Query } from './api.ts';
import { readAll, readStart, translateErrors } from './body.ts';
import type { Connection } from './connection.ts';
import type { Connector } from './connector.ts';
import type { Credentials } from './credentials.ts';
import { dialWebSocket } from './dial.ts';
import { impersonationHeaders } from './impersonation.ts';
import { Pool } from './pool.ts';
import { parseWarnings } from './warning.ts';

export interface HttpApiOptions {
  readonly connection: Connection;
  readonly credentials: Credentials;
  readonly connector: Connector;
  /** Limit of each request in milliseconds, its body included, but not how long credentials take; undefined is none. */
  readonly timeoutMs: number | undefined;
  /** Takes the text of each `Warning:` header, unescaped. */
  readonly warn: (text: string) => void;
}

/** An answer that is parsed is held in memory as a whole. Lists are paged, so no page comes near this. */
const jsonLimit = 256 * 1024 * 1024;
const errorBodyLimit = 64 * 1024;
/** How often a server that answers 429 or 503 with Retry-After is asked again, and the longest wait before each time. */
const busyRetries = 5;
const busyWaitMs = 10_000;

/** `Api` over one pool of HTTP/1.1 connections. */
export class HttpApi implements Api {
  readonly server: string;
  readonly contextName: string;
  readonly namespace: string;
  readonly #options: HttpApiOptions;
  readonly #io: Io;
  readonly #pool: Pool;
  #renewals = 0;

  constructor(options: HttpApiOptions, io: Io) {
    this.#options = options;
    this.#io = io;
    this.#pool = new Pool(options.connector);
    const { origin, pathname } = options.connection.server;
    this.server = `${origin}${pathname.replace(/\/$/, '')}`;
    this.contextName = options.connection.contextName;
    this.namespace = options.connection.namespace;
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    for (let busy = 0; ; busy += 1) {
      const response = await this.#identified(
        () => this.#send(request),
        ({ statusCode }) => statusCode === 401,
      );
      const wait = busy < busyRetries ? retryAfterMs(response) : undefined;
      if (wait === undefined) return this.#accepted(request, response);
      await discard(response);
      await this.#io.sleep(wait, request.signal);
    }
  }

  async json<T>(request: ApiRequest): Promise<T> {
    const { body } = await this.request(request);
    const bytes = await readAll(body, jsonLimit);
    try {
      return JSON.parse(bytes.toString('utf8')) as T;
    } catch (cause) {
      throw new ApiError(`the answer to ${request.method ?? 'GET'} ${request.path} is not JSON`, {
        status: 0,
        cause,
      });
    }
  }

  async dial(
    path: string,
    query: Query,
    protocols: readonly string[],
    signal?: AbortSignal,
  ): Promise<WebSocket> {
    const attempt = async (): Promise<WebSocket | ApiError> => {
      try {
        return await dialWebSocket({
          url: this.#url(path, query),
          protocols,
          headers: await this.#headers(signal),
          connector: this.#options.connector,
          host: this.#options.connection.server.host,
          timeoutMs: this.#options.timeoutMs,
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        if (error instanceof ApiError) return error;
        throw error;
      }
    };
    const result = await this.#identified(
      attempt,
      (refusal) => refusal instanceof ApiError && refusal.status === 401,
    );
    if (result instanceof ApiError) throw result;
    return result;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /**
   * Makes an attempt, and another with renewed credentials when the server answered 401. Of several requests that are refused
   * at the same time, the first renews the credentials and the others only try again.
   */
  async #identified<T>(attempt: () => Promise<T>, refused: (result: T) => boolean): Promise<T> {
    const renewals = this.#renewals;
    const first = await attempt();
    if (!refused(first)) return first;
    if (renewals === this.#renewals) {
      if (!this.#options.credentials.refresh()) return first;
      this.#renewals += 1;
      this.#pool.renew();
    }
    return attempt();
  }

  async #send(request: ApiRequest): Promise<Dispatcher.ResponseData> {
    const idempotent = (request.method ?? 'GET') === 'GET';
    try {
      return await this.#dispatch(request);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!idempotent || !isBrokenConnection(error)) throw this.#translated(error);
    }
    try {
      return await this.#dispatch(request);
    } catch (error) {
      request.signal?.throwIfAborted();
      throw this.#translated(error);
    }
  }

  async #dispatch(request: ApiRequest): Promise<Dispatcher.ResponseData> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers: Record<string, string | string[]> = {
      ...(await this.#headers(request.signal)),
      accept: request.accept ?? 'application/json',
      ...(body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
    };
    const signal = this.#signal(request.signal);
    const response = await this.#pool.request({
      origin: this.#options.connection.server.origin,
      path: this.#path(request.path, request.query ?? {}),
      method: request.method ?? 'GET',
      headers,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    for (const text of parseWarnings(response.headers['warning'])) this.#options.warn(text);
    return response;
  }

  async #accepted(request: ApiRequest, response: Dispatcher.ResponseData): Promise<ApiResponse> {
    const body = translateErrors(response.body, (error) => {
      return request.signal?.aborted === true ? request.signal.reason : this.#translated(error);
    });
    const status = response.statusCode;
    if (status >= 200 && status < 300) {
      return { status, headers: response.headers, body };
    }
    const { bytes } = await readStart(body, errorBodyLimit);
    throw errorOfAnswer(status, bytes.toString('utf8'), request.doing);
  }

  async #headers(signal?: AbortSignal): Promise<Record<string, string | string[]>> {
    const authorization = await this.#options.credentials.authorization(signal);
    return {
      'user-agent': 'kubectl-ir',
      ...impersonationHeaders(this.#options.connection.user),
      ...(authorization === undefined ? {} : { authorization }),
    };
  }

  #signal(signal: AbortSignal | undefined): AbortSignal | undefined {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined) return signal;
    const timeout = AbortSignal.timeout(timeoutMs);
    return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  }

  #path(path: string, query: Query): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      if (typeof value === 'object') for (const item of value) parameters.append(name, item);
      else parameters.append(name, String(value));
    }
    const base = this.#options.connection.server.pathname.replace(/\/$/, '');
    const text = parameters.toString();
    return `${base}${path}${text === '' ? '' : `?${text}`}`;
  }

  #url(path: string, query: Query): URL {
    return new URL(this.#path(path, query), this.#options.connection.server.origin);
  }

  #translated(error: unknown): unknown {
    return errorOfConnection(error, this.#options.connection.server.host) ?? error;
  }
}

/** True when the server closed a kept-alive connection just as it was used again. */
function isBrokenConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** Reads the body of an answer and drops it, so that its connection can be used again. */
function discard(response: Dispatcher.ResponseData): Promise<void> {
  return response.body.dump({ limit: errorBodyLimit }).catch(() => undefined);
}

function retryAfterMs(response: Dispatcher.ResponseData): number | undefined {
  if (response.statusCode !== 429 && response.statusCode !== 503) return undefined;
  const header = response.headers['retry-after'];
  const seconds = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds * 1000, busyWaitMs);
}
