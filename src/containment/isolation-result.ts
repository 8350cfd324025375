import type { Acting } from './acting.ts';
import { type Isolation, undoCommand } from './isolation.ts';
import type { Level } from './level.ts';
import { objectName } from './names.ts';
import type { IsolationPlan } from './plan.ts';
import { restartBudget } from './probes.ts';
import { afterSeconds, type Proven } from './proof.ts';
import type { Replacement } from './replacement.ts';

/** How an isolation ended. */
export interface End {
  /** The level of the cut that stands; undefined when there is none. */
  readonly level: Level | undefined;
  readonly proven: Proven;
  /** `io.monotonic()` when the command was given, and when the verdict was reached. */
  readonly started: number;
  readonly ended: number;
  readonly replacement: Replacement | undefined;
  readonly collectorNamespace: string;
  readonly where?: string | undefined;
}

/** The result of an isolation, as it is printed and kept. */
export function isolationOf({ subject }: IsolationPlan, acting: Acting, end: End): Isolation {
  const { level, proven, replacement } = end;
  const { cutAt } = acting;
  const since = (at: number): number => Math.round(at - end.started) / 1000;
  const budget = restartBudget(subject.probes);
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Isolation',
    pod: { namespace: subject.namespace, name: subject.name, uid: subject.uid, node: subject.node },
    actions: acting.results,
    clock: {
      ...(budget === undefined ? {} : { restartBudget: budget }),
      ...(cutAt === undefined ? {} : { cut: since(cutAt) }),
      verdict: since(end.ended),
      ...(replacement === undefined ? {} : { replacement: replacement.seconds }),
    },
    level: level ?? 'policy',
    verification: {
      verdict: proven.verdict,
      seconds: afterSeconds,
      checks: proven.checks,
      reasons: proven.reasons,
      gaps: proven.gaps,
    },
    leaks: proven.leaks,
    undo: {
      command: undoCommand(subject, end.where),
      record: `configmap/${objectName(subject.uid)} in namespace ${end.collectorNamespace}`,
    },
  };
}
