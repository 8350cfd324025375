import type { CallResult, Collector } from './collector.ts';
import type { Script } from './script.ts';

/** A script that has been sent to the node and waits for its input before it does anything. */
export interface WaitingCall {
  /** Sends the input and waits until the script has ended. To be called once. */
  readonly run: (input: Uint8Array, signal: AbortSignal) => Promise<CallResult>;
  /** Ends the script when it has not been run. */
  readonly cancel: () => void;
}

/** Sends a script ahead while its input is still being worked out: opening an exec takes longer than most scripts run. */
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
      // It broke before it had its input, so it has done nothing, and may run again.
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
