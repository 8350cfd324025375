import type { CallResult, Collector } from './collector.ts';
import type { Script } from './script.ts';

/** A script that is on the node with all but its input: it runs when it has that, of which not a byte is there before. */
export interface WaitingCall {
  /** Gives it its input and waits for its end. Once. */
  readonly run: (input: Uint8Array, signal: AbortSignal) => Promise<CallResult>;
  /** Gives it up, when it did not run. */
  readonly cancel: () => void;
}

/** Opens a script ahead, while its input is still worked out: opening one takes longer than most of them do. */
export function openAhead(
  call: Collector['call'],
  script: Script,
  args: readonly string[],
  limit?: number,
): WaitingCall {
  const stop = new AbortController();
  const limited = limit === undefined ? {} : { limit };
  let give: (input: Uint8Array) => void = () => undefined;
  const input = new Promise<Uint8Array>((resolve) => (give = resolve));
  let state: 'waiting' | 'broken' | 'running' = 'waiting';
  const result = call(script, args, { ...limited, input, signal: stop.signal });
  result.catch(() => {
    if (state === 'waiting') state = 'broken';
  });
  return {
    run: (bytes, signal) => {
      // It broke before it had its input, so nothing was done by it.
      if (state === 'broken') return call(script, args, { ...limited, input: bytes, signal });
      state = 'running';
      if (signal.aborted) stop.abort(signal.reason);
      signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
      give(bytes);
      return result;
    },
    cancel: () => {
      if (state === 'waiting') stop.abort();
    },
  };
}
