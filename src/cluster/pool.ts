import type { Agent, Dispatcher } from 'undici';
import type { Connector } from './connector.ts';

/** The server itself gives up after 60 s. */
const headersMs = 75_000;
/** Shorter than servers (90 s) and load balancers (60 s) keep connections, so that no write goes into one that was just closed. */
const keepMs = 20_000;
/** Requests made at the same time, such as access reviews, share so many connections. */
const connectionLimit = 16;

/** Kept-alive HTTP/1.1 connections to one server; undici, which makes them, is loaded with the first request. */
export class Pool {
  readonly #connector: Pick<Connector, 'open'>;
  #agent: Agent | undefined;

  constructor(connector: Pick<Connector, 'open'>) {
    this.#connector = connector;
  }

  /** One request; the answer's body must be read or dumped before its connection is free. */
  async request(options: Dispatcher.RequestOptions & { origin: string }): Promise<Dispatcher.ResponseData> {
    const undici = await import('undici');
    // From here to the request nothing may wait: a renewal in between would close what is about to be used.
    this.#agent ??= this.#made(undici);
    return this.#agent.request(options);
  }

  /** Lets requests under way finish; new ones get new connections, made with the current credentials. */
  renew(): void {
    const agent = this.#agent;
    this.#agent = undefined;
    agent?.close().catch(() => undefined);
  }

  /** Closes every connection, also those in use. */
  async close(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await agent?.destroy();
  }

  #made(undici: { readonly Agent: typeof Agent }): Agent {
    return new undici.Agent({
      connect: (_options, callback) => {
        this.#connector.open().then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
      connections: connectionLimit,
      // With HTTP/2 allowed, undici opens no second connection before the first has shown which version it speaks.
      allowH2: false,
      headersTimeout: headersMs,
      bodyTimeout: 0,
      keepAliveTimeout: keepMs,
    });
  }
}
