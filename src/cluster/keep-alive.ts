import type WebSocket from 'ws';
import type { Io } from '../output/io.ts';

export interface KeepAliveOptions {
  /** Silence of the server after which the connection counts as dead, in milliseconds. */
  readonly idleMs: number;
  /** True while it is us who do not read, so that silence says nothing about the server. */
  readonly paused: () => boolean;
  readonly onIdle: () => void;
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal;
}

/** As in kubectl; some load balancers drop a connection that is quiet for 20 s. */
const pingMs = 5_000;

/** Pings the server (RFC 6455 section 5.5.2) until `signal` is aborted. Calls `onIdle` when nothing has come back for too long. */
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
