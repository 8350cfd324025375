import type { Pod } from '../cluster/objects.ts';
import type { ActionKind, ActRecord } from './acts/acts.ts';
import { controllerOf, ownerResource } from './facts/owner.ts';
import { filters } from './level.ts';
import { podUidLabel, stayAnnotations } from './names.ts';
import type { FoundRecord, IsolationRecord } from './record.ts';
import { without } from '../cluster/selector.ts';

/** Acts of a record that were not ticked off as done: the isolation was interrupted, or something was refused. */
export function openActs({ record, ticks }: FoundRecord): ActionKind[] {
  return record.acts.map(({ kind }) => kind).filter((kind) => ticks.get(kind)?.startsWith('done') !== true);
}

/** True for what is there although it may not be whole or shown to work, as an act was ticked off. */
export function isThere(tick: string | undefined): boolean {
  return /^(?:done|part|placed|again)\b/.test(tick ?? '');
}

/** What stands in place of the ticks of acts that are about to be done again, so that none is told as done when it fails now. */
export function reopened(
  { ticks }: FoundRecord,
  kinds: readonly ActionKind[],
  at: Date,
): Map<ActionKind, string | null> {
  const known = kinds.filter((kind) => ticks.has(kind));
  return new Map(known.map((kind) => [kind, isThere(ticks.get(kind)) ? `again ${at.toISOString()}` : null]));
}

/** `isolation begun at TIME and not finished (open: cut, deny); it is gone on with`. */
export function unfinishedText(found: FoundRecord): string {
  return `isolation begun at ${found.record.created} and not finished (open: ${openActs(found).join(', ')}); it is gone on with`;
}

/**
 * The pod as it was before an unfinished isolation of it began, so that what is planned for it is what was planned then. A label
 * or annotation that somebody has set since stays as it is.
 */
export function asBefore(pod: Pod, { acts }: IsolationRecord): Pod {
  const detach = acts.find((act) => act.kind === 'detach');
  const guard = acts.find((act) => act.kind === 'guard');
  const labels = without({ ...detach?.labels, ...pod.metadata?.labels }, [podUidLabel]);
  const annotations: Record<string, string> = { ...pod.metadata?.annotations };
  for (const [key, before] of Object.entries(guard?.annotations ?? {})) {
    if (annotations[key] !== stayAnnotations[key]) continue;
    if (before === null) Reflect.deleteProperty(annotations, key);
    else annotations[key] = before;
  }
  const owner = controllerOf(pod) === undefined ? detach?.owner : undefined;
  const references = pod.metadata?.ownerReferences ?? [];
  const ownerReferences =
    owner === undefined
      ? references
      : [...references, { ...owner, apiVersion: ownerResource(owner.kind).apiVersion, controller: true }];
  return { ...pod, metadata: { ...pod.metadata, labels, annotations, ownerReferences } };
}

/** The record of an unfinished isolation that is gone on with: whatever either run placed can be taken back by it. */
export function continued(old: IsolationRecord, fresh: IsolationRecord): IsolationRecord {
  const acts = fresh.acts.map((act) => {
    const before = old.acts.find(({ kind }) => kind === act.kind);
    return before === undefined ? act : joined(before, act);
  });
  const gone = old.acts.filter(({ kind }) => !fresh.acts.some((act) => act.kind === kind));
  return { ...old, acts: [...acts, ...gone] };
}

/** Of one act in both: what it was the first time, but rules that need nft are never forgotten. */
function joined(old: ActRecord, fresh: ActRecord): ActRecord {
  if (old.kind === 'cut' && fresh.kind === 'cut') return filters(fresh.level) ? fresh : old;
  if (old.kind === 'inside' && fresh.kind === 'inside') return fresh.nft === true ? fresh : old;
  if (old.kind === 'deny' && fresh.kind === 'deny') {
    return { kind: 'deny', networks: [...new Set([...old.networks, ...fresh.networks])] };
  }
  if (old.kind === 'guard' && fresh.kind === 'guard') {
    return {
      kind: 'guard',
      budget: old.budget || fresh.budget,
      policy: old.policy || fresh.policy,
      annotations: { ...fresh.annotations, ...old.annotations },
    };
  }
  if (old.kind === 'bindings' && fresh.kind === 'bindings') {
    const others = fresh.bindings.filter(({ uid }) => !old.bindings.some((one) => one.uid === uid));
    return { kind: 'bindings', bindings: [...old.bindings, ...others] };
  }
  if (old.kind === 'detach' && fresh.kind === 'detach') {
    return { ...fresh, ...old, labels: { ...fresh.labels, ...old.labels } };
  }
  return old;
}
