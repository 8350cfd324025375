import { filters } from '../level.ts';
import { loadRules, openRules } from '../node-side.ts';
import { cutRules } from '../rules/cut-rules.ts';
import type { NodeSide, WaitingCut } from './act.ts';

/**
 * Opens the exec that places the cut while something else is still done: the node has the script, but of its rules not a byte, and
 * never runs a part of them. Undefined for a level that is placed in another way.
 */
export function waitingCut({ collector, level, link, rules }: NodeSide): WaitingCut | undefined {
  if (level === undefined || !filters(level)) return undefined;
  const opened = openRules(collector, link);
  return {
    place: (signal) => loadRules(collector, cutRules(rules), 'node', { link, opened, signal }),
    cancel: opened.cancel,
  };
}
