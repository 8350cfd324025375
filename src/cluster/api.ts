import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type WebSocket from 'ws';

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One request to the API server. `path` starts with `/api` or `/apis` and has its segments already encoded. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`; a PATCH needs its patch type. */
  readonly contentType?: string;
  /** What the answer may be, default `application/json`. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** What the request is for, for messages: `cannot ${doing}: …`, such as `get pod "web"`. */
  readonly doing?: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Raw bytes as the server sent them; the caller reads it to the end or destroys it. */
  readonly body: Readable;
}

/** The way to one API server: credentials, pooled connections, kubectl's wording of errors. */
export interface Api {
  /** URL of the server, for messages. */
  readonly server: string;
  readonly contextName: string;
  /** Namespace of the context or of `--namespace`. */
  readonly namespace: string;
  /** Answer with its raw body; any status outside 2xx is thrown as ApiError. */
  request(request: ApiRequest): Promise<ApiResponse>;
  /** Answer parsed as JSON, unknown fields kept. */
  json<T>(request: ApiRequest): Promise<T>;
  /**
   * An open WebSocket, paused so that no frame is lost: attach listeners, then `resume()`.
   * A refused upgrade is thrown as ApiError with the server's Status.
   */
  dial(path: string, query: Query, protocols: readonly string[], signal?: AbortSignal): Promise<WebSocket>;
  close(): Promise<void>;
}
