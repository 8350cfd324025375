import { connectorOf } from '../../cluster/connector.ts';
import { Pool } from '../../cluster/pool.ts';
import { proxyOf } from '../../cluster/proxy.ts';
import { OperationError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';

/** How a message got to its receiver. */
export interface Delivery {
  /** HTTP status of the last answer. */
  readonly status: number;
  /** How often it was sent. */
  readonly tries: number;
}

/** How long is tried, in milliseconds; all tries together are bounded, as somebody waits for this and has a phone. */
export interface Patience {
  readonly tries: number;
  readonly tryMs: number;
  readonly allMs: number;
  readonly firstPauseMs: number;
}

const usualPatience: Patience = { tries: 4, tryMs: 10_000, allMs: 45_000, firstPauseMs: 1000 };
/** Of an answer nothing but its status is wanted; a small one is read away so that the server sees a clean end. */
const answerLimit = 16 * 1024;

/**
 * Posts `{"text": …}` to a webhook, with the proxy of the environment and the authorities of Node and the system. Tried again,
 * four times in all and within 45 s, when nobody answers, for 429 and for 5xx, after as long as Retry-After asks for; a
 * message whose answer was lost may so arrive twice. Redirects are not followed: what is posted is for one receiver. Throws
 * OperationError that names the host, never the path, which is a secret.
 */
export async function postMessage(
  io: Io,
  url: URL,
  text: string,
  signal: AbortSignal,
  patience = usualPatience,
): Promise<Delivery> {
  const target = {
    server: url,
    proxy: proxyOf(url, undefined, io.env),
    authority: undefined,
    insecure: false,
    serverName: undefined,
  };
  const pool = new Pool(connectorOf(target, { certificate: () => Promise.resolve(undefined) }));
  const body = JSON.stringify({ text });
  const end = io.monotonic() + patience.allMs;
  try {
    for (let tries = 1, pause = patience.firstPauseMs; ; tries += 1, pause *= 2) {
      const left = Math.max(1, end - io.monotonic());
      const limit = AbortSignal.timeout(Math.min(patience.tryMs, left));
      const answer = await send(pool, url, body, AbortSignal.any([signal, limit]));
      signal.throwIfAborted();
      if (answer.status !== undefined && answer.status >= 200 && answer.status < 300)
        return { status: answer.status, tries };
      const wait = waitAfter(answer, pause, io.now());
      if (wait === undefined || tries === patience.tries || io.monotonic() + wait > end)
        throw new OperationError(
          `the message did not reach ${url.host}: ${answer.why}${tries === 1 ? '' : `, after ${tries} tries`}`,
          { advice: 'read it out on the phone; it is printed above', cause: answer.cause },
        );
      await io.sleep(wait, signal);
    }
  } finally {
    await pool.close();
  }
}

/** What came of one try; without a status nobody answered. */
interface Answer {
  readonly status?: number;
  readonly retryAfter?: string;
  /** One clause. */
  readonly why: string;
  readonly cause?: unknown;
}

async function send(pool: Pool, url: URL, body: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await pool.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'kubectl-ir' },
      body,
      signal,
    });
    await response.body.dump({ limit: answerLimit }).catch(() => undefined);
    const { statusCode: status, headers } = response;
    const retryAfter = headers['retry-after'];
    const why =
      status >= 300 && status < 400
        ? `it answers ${status}, a redirect${redirectHost(headers['location'], url)}; put the address that takes messages in the plan`
        : `it answers ${status}`;
    return { status, why, ...(typeof retryAfter === 'string' ? { retryAfter } : {}) };
  } catch (error) {
    const timeout = error instanceof Error && error.name === 'TimeoutError';
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const text = error instanceof Error ? error.message : String(error);
    return { why: timeout ? 'no answer in time' : text === '' ? code : text, cause: error };
  }
}

function redirectHost(location: unknown, url: URL): string {
  if (typeof location !== 'string' || !URL.canParse(location, url.href)) return '';
  return ` to ${new URL(location, url.href).host}`;
}

/** Milliseconds until the next try; undefined when another try is of no use. */
function waitAfter({ status, retryAfter }: Answer, pause: number, now: Date): number | undefined {
  if (status !== undefined && status !== 429 && status < 500) return undefined;
  if (retryAfter === undefined) return pause;
  const seconds = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : NaN;
  const until = Number.isNaN(seconds) ? Date.parse(retryAfter) - now.getTime() : seconds;
  return Number.isNaN(until) ? pause : Math.max(until, 0);
}
