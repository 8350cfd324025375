import type WebSocket from 'ws';
import type { Io } from '../output/io.ts';

export interface KeepAliveOptions {
  /** Silence of the server after which the connection counts as dead, in milliseconds. */
  readonly idleMs: number;
  /** While true, we are the ones who do not read: the server's silence means nothing. */
  readonly paused: () => boolean;
  readonly onIdle: () => void;
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal;
}

/** As kubectl's; some load balancers drop what is quiet for 20 s. */
const pingMs = 5_000;

/** Pings the server (RFC 6455 section 5.5.2) until `signal` is aborted, and reports once when nothing came back for too long. */
export function keepAlive(socket: WebSocket, io: Io, options: KeepAliveOptions): void {
  const { idleMs, paused, onIdle, signal } = options;
  let seen = io.monotonic();
  const onSign = (): void => {
    seen = io.monotonic();
  };
  const timer = setInterval(
    () => {
      if (paused()) onSign();
      if (io.monotonic() - seen >= idleMs) onIdle();
      else if (socket.readyState === socket.OPEN) socket.ping();
    },
    Math.min(pingMs, idleMs),
  );
  socket.on('message', onSign).on('pong', onSign).on('ping', onSign);
  const stop = (): void => {
    clearInterval(timer);
    socket.off('message', onSign).off('pong', onSign).off('ping', onSign);
  };
  signal.addEventListener('abort', stop, { once: true });
}
