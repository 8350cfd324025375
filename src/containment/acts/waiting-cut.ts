import { filters } from '../level.ts';
import { loadRules } from '../node-side.ts';
import { cutRules } from '../rules/cut-rules.ts';
import type { NodeSide, WaitingCut } from './act.ts';

/**
 * Opens the exec that places the cut while something else is still done, since opening takes longer than cutting: the node has
 * the script, but of its rules not a byte, and never runs a part of them. Undefined for a level that is placed in another way.
 */
export function waitingCut({ collector, level, rules }: NodeSide): WaitingCut | undefined {
  if (level === undefined || !filters(level)) return undefined;
  const stop = new AbortController();
  let say: () => void = () => undefined;
  const word = new Promise<void>((resolve) => (say = resolve));
  const text = cutRules(rules, true);
  let state: 'waiting' | 'broken' | 'placing' = 'waiting';
  const placing = loadRules(collector, text, { signal: stop.signal, after: word });
  placing.catch(() => {
    if (state === 'waiting') state = 'broken';
  });
  return {
    place: (signal) => {
      // It broke before it had the word, so nothing was placed by it.
      if (state === 'broken') return loadRules(collector, text, { signal });
      state = 'placing';
      signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
      say();
      return placing;
    },
    cancel: () => {
      if (state === 'waiting') stop.abort();
    },
  };
}
