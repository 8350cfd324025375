import { mayNotText, type Right } from '../../cluster/access.ts';
import { OperationError } from '../../output/errors.ts';
import { objectName, podUidLabel, stayAnnotations } from '../names.ts';
import { changePod, type Expected } from '../relabel.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Validating } from './act.ts';
import { whenInForce } from './guard-effect.ts';
import { guardObjects } from './guard-objects.ts';
import { objectText, placeObject } from './own-object.ts';

/** Keeps the evidence pod from being evicted or deleted by others. */
export interface GuardAction {
  readonly kind: 'guard';
  readonly summary: string;
  /** A disruption budget on our label. */
  readonly budget: boolean;
  /** An admission policy against deletion and against the loss of our label. */
  readonly policy: boolean;
  /** Why a part is missing from the beginning. */
  readonly lacking: readonly string[];
  /** Annotations that are set on the pod, with their values before. */
  readonly annotations: Readonly<Record<string, AnnotationChange>>;
}

interface AnnotationChange {
  readonly before: string | null;
  readonly after: string;
}

/** What taking the guards away needs; names of objects follow from the pod's uid. */
export interface GuardRecord {
  readonly kind: 'guard';
  readonly budget: boolean;
  readonly policy: boolean;
  /** Values of the annotations before; null for one that there was not. */
  readonly annotations: Readonly<Record<string, string | null>>;
}

/** Longer values than these are not taken into a record, so the annotation is left as it is. */
export const longestValue = 1_000;

/** Guards of one pod, as far as they may be placed. */
export function planGuard(subject: Subject, mayNot: readonly Right[] = []): GuardAction {
  const missing = mayNot.filter(({ resource }) => resource !== 'pods');
  const lacks = (group: string): boolean => missing.some((right) => right.group === group);
  const budget = !lacks('policy');
  const policy = !lacks('admissionregistration.k8s.io');
  const objects = [
    ...(budget ? ['poddisruptionbudget against eviction'] : []),
    ...(policy ? ['validatingadmissionpolicy against deletion'] : []),
  ];
  const summary = [
    ...(objects.length === 0 ? [] : [`${objects.join(', ')} (${objectName(subject.uid)})`]),
    'annotations against autoscalers',
  ].join('; ');
  const annotations = Object.entries(stayAnnotations)
    .map(([key, after]) => [key, { before: subject.annotations[key] ?? null, after }] as const)
    .filter(([, { before }]) => (before ?? '').length <= longestValue);
  const lacking = missing.length === 0 ? [] : [mayNotText(missing)];
  return { kind: 'guard', summary, budget, policy, lacking, annotations: Object.fromEntries(annotations) };
}

/** What the guards do not stop, and what has to wait for the release because of them. */
export function guardLimits({ budget, policy }: GuardAction, { namespace, node }: Subject): string[] {
  const waiting = [
    ...(budget ? [`kubectl drain ${node}`] : []),
    ...(policy ? [`the deletion of namespace ${namespace}`] : []),
  ];
  return [
    'not stopped: eviction by the kubelet under pressure, restart of a container, reboot or loss of the node',
    ...(waiting.length === 0 ? [] : [`will wait until it is released: ${waiting.join(', ')}`]),
    'still open to anyone with the right: exec, attach, port-forward and logs of the pod through the API, which need no link',
  ];
}

/** What the record keeps of the guards. */
export function recordGuard({ budget, policy, annotations }: GuardAction): GuardRecord {
  const before = Object.entries(annotations).map(([key, change]) => [key, change.before] as const);
  return { kind: 'guard', budget, policy, annotations: Object.fromEntries(before) };
}

/** Sets annotations and our label, and places the objects; that they work is shown later, beside the other acts. */
export async function performGuard(action: GuardAction, at: Performing): Promise<Performed> {
  const { summary } = action;
  at.stands(`guards of the pod (${summary})`);
  await annotate(action, at);
  const refused = await placeAll(action, at);
  const missing = [...action.lacking, ...refused.map(({ why }) => why)];
  const placed: Performed =
    missing.length === 0
      ? { outcome: 'done', detail: summary }
      : { outcome: 'part', detail: `${summary}; not placed: ${missing.join('; ')}` };
  if (!action.policy || refused.some(({ kind }) => kind !== 'PodDisruptionBudget')) return placed;
  return { ...placed, settled: settle(placed, { ...at, signal: AbortSignal.any([at.signal, at.stop]) }) };
}

/** Never rejects with an expected error, because nobody may be waiting for it any more. */
async function settle(placed: Performed, at: Performing): Promise<Performed> {
  const gap = await whenInForce(at).catch((error: unknown) => {
    if (!(error instanceof OperationError) && !at.signal.aborted) throw error;
    return `not shown to work: ${error instanceof Error ? error.message : 'stopped'}`;
  });
  if (gap !== undefined) return { outcome: 'part', detail: `${placed.detail}; ${gap}` };
  return { ...placed, detail: `${placed.detail}; deletion and loss of our label were tried and refused` };
}

/** What the server would do, in kubectl's words. */
export async function validateGuard(action: GuardAction, at: Validating): Promise<string[]> {
  await annotate(action, at, true);
  const objects = guardObjects(action, at.subject);
  for (const object of objects) await placeObject(at.api, object, { dryRun: true, signal: at.signal });
  return [
    `pod/${at.subject.name} annotated with ${Object.keys(action.annotations).join(', ')} (server dry run)`,
    ...objects.map((object) => `${objectText(object)} created (server dry run)`),
  ];
}

/** A value that is already ours needs no change. Any other than planned was set by somebody else, and is refused. */
async function annotate({ annotations }: GuardAction, at: Validating, dryRun = false): Promise<void> {
  const entries = Object.entries(annotations);
  const expected: Expected = {
    annotations: Object.fromEntries(entries.map(([key, { before, after }]) => [key, [before, after]])),
  };
  const changes = {
    labels: { [podUidLabel]: at.subject.uid },
    annotations: Object.fromEntries(entries.map(([key, { after }]) => [key, after])),
  };
  await changePod(at.api, at.subject, changes, { expected, dryRun, signal: at.signal });
}

/** Places what can be placed, all at once; returns what was refused. */
async function placeAll(action: GuardAction, at: Validating): Promise<{ kind: string; why: string }[]> {
  const results = await Promise.all(
    guardObjects(action, at.subject).map(async (object) => {
      try {
        await placeObject(at.api, object, { signal: at.signal });
        return [];
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        return [{ kind: object.kind, why: error.message }];
      }
    }),
  );
  return results.flat();
}
