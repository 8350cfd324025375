import type { ActOutcome } from './acts/act.ts';
import type { ActionKind } from './acts/acts.ts';
import type { Check } from './checks.ts';
import type { Leak, Verdict } from './judge.ts';
import type { Level } from './level.ts';

/** The result of one act. */
export interface ActResult {
  readonly kind: ActionKind;
  readonly summary: string;
  readonly outcome: ActOutcome;
  readonly seconds: number;
  readonly detail: string;
  /** Seconds that it took on the node, when the node measured that. */
  readonly nodeSeconds?: number;
}

/** What `isolate -o json` prints; schema/isolation.json. */
export interface Isolation {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Isolation';
  readonly pod: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly node: string;
  };
  readonly actions: readonly ActResult[];
  /** In seconds. What was not measured is absent. */
  readonly clock: {
    /** How long until a container would be restarted if all its probes failed. */
    readonly restartBudget?: number;
    /** From the command until the cut was in place on the node. No byte of a blocked flow passed later. */
    readonly cut?: number;
    /** From the command to the verdict. */
    readonly verdict: number;
    /** From detaching to a ready replacement. */
    readonly replacement?: number;
  };
  /** How the link is cut; `policy` when only network policies stop traffic. */
  readonly level: Level | 'policy';
  readonly verification: {
    readonly verdict: Verdict;
    /** How long flows were watched after the acts. */
    readonly seconds: number;
    readonly checks: readonly Check[];
    readonly reasons: readonly string[];
    /** What was not tried, and why. */
    readonly gaps: readonly string[];
  };
  readonly leaks: readonly Leak[];
  readonly undo: { readonly command: string; readonly record: string };
}

/** The command that undoes an isolation. `where` is the end of its line: the flags that lead to the same cluster. */
export function undoCommand(pod: { readonly namespace: string; readonly name: string }, where = ''): string {
  return `kubectl ir release ${pod.name} -n ${pod.namespace}${where}`;
}
