import type { Agent, Dispatcher } from 'undici';
import type { Connector } from './connector.ts';

/** The server itself gives up after 60 s; a quiet watch is told from a dead connection by its caller. */
const headersMs = 75_000;
/** Shorter than what servers (90 s) and load balancers (60 s) keep, so that no change is sent into a closed connection. */
const keepMs = 20_000;
/** Questions asked all at once, such as access reviews, share so many connections. */
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
    const agent = await this.#open();
    return agent.request(options);
  }

  /** New requests get new connections, made with the credentials of then; those under way end in peace. */
  renew(): void {
    const agent = this.#agent;
    this.#agent = undefined;
    agent?.close().catch(() => undefined);
  }

  /** Cuts everything. */
  async close(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await agent?.destroy();
  }

  async #open(): Promise<Agent> {
    const undici = await import('undici');
    this.#agent ??= new undici.Agent({
      connect: (_options, callback) => {
        this.#connector.open().then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
      connections: connectionLimit,
      // Else the first connection is waited for, to see whether it speaks HTTP/2, before any other is opened.
      allowH2: false,
      headersTimeout: headersMs,
      bodyTimeout: 0,
      keepAliveTimeout: keepMs,
    });
    return this.#agent;
  }
}
