import type { JsonObject } from '../../artifacts/json.ts';
import { type Affected, affectedBy, releaseOf, workloadsOf } from './affected.ts';
import { type Baseline, baselineChanges } from './baseline-changes.ts';
import type { AuditHistory } from './audit-history.ts';
import { objectKey } from './change.ts';
import { controllerEvents } from './controller-events.ts';
import { helmChanges } from './helm-releases.ts';
import { mergedChanges, milliseconds } from './merged-changes.ts';
import { movedImages } from './moved-images.ts';
import { Nearnesses } from './nearness.ts';
import { objectChanges } from './object-changes.ts';
import { objectFacts } from './object-facts.ts';
import { type RankedChange, rankedChanges } from './ranked-changes.ts';
import { rollouts } from './rollouts.ts';

/** All that changes are read from: objects of the API as JSON, of whoever wrote them. */
export interface ChangeRecords {
  /** The pods that are affected. */
  readonly pods: readonly JsonObject[];
  /** All pods of their namespaces, as far as they are known. */
  readonly siblings: readonly JsonObject[];
  /** Owners of the pods, up to the last ones. */
  readonly owners: readonly JsonObject[];
  /** ReplicaSets and ControllerRevisions. */
  readonly revisions: readonly JsonObject[];
  /** ServiceAccounts, Namespaces, roles, bindings, policies, webhooks. */
  readonly objects: readonly JsonObject[];
  /** Secrets and ConfigMaps that Helm keeps its releases in. */
  readonly releases: readonly JsonObject[];
  readonly events: readonly JsonObject[];
}

/** The time that is looked at. */
export interface Period {
  /** RFC 3339 in UTC. */
  readonly since: string;
  /** The time of the incident. */
  readonly incident: string;
  /** What came after the incident is left out; where it is still going on, nothing did. */
  readonly over: boolean;
}

export interface ChangesFound {
  readonly ranked: readonly RankedChange[];
  /** Changes after the incident, left out. */
  readonly after: number;
  /** Records of Helm that are none. */
  readonly malformed: number;
}

/** The configuration changes of a period, those first that are nearest to the pods; `earlier` is what an earlier case has. */
export function configurationChanges(
  records: ChangeRecords,
  namespaces: readonly string[],
  audit: AuditHistory | undefined,
  { since, incident, over }: Period,
  earlier?: Pick<Baseline, 'before' | 'whole'>,
): ChangesFound {
  const { pods, siblings, owners, revisions, objects, releases, events } = records;
  const affected = affectedBy(pods, owners, namespaces);
  const helm = helmChanges(releases);
  const found = mergedChanges([
    ...rollouts(owners, revisions),
    ...movedImages(pods, siblings, workloadsOf(pods, owners)),
    ...helm.changes,
    ...[...pods, ...owners.filter(isNoOtherSet(affected)), ...objects].flatMap(objectChanges),
    ...controllerEvents(events),
    ...(audit?.changes() ?? []),
    ...(earlier === undefined
      ? []
      : baselineChanges({
          ...earlier,
          after: [...objects, ...owners],
          namespaces: affected.namespaces,
          time: incident,
        })),
  ]);
  const [start, end] = [milliseconds(since), milliseconds(incident)];
  const inTime = found.filter(({ time }) => milliseconds(time) >= start);
  const before = over ? inTime.filter(({ time }) => milliseconds(time) <= end) : inTime;
  const nearnesses = new Nearnesses(affected, objects, before);
  const near = before.flatMap((change) => {
    const nearness = nearnesses.of(change);
    return nearness === undefined ? [] : [{ change, near: nearness }];
  });
  const releaseByKey = new Map(
    owners.flatMap((object) => {
      const facts = objectFacts(object);
      const release = facts === undefined ? undefined : releaseOf(facts);
      return facts === undefined || release === undefined ? [] : [[objectKey(facts), release] as const];
    }),
  );
  return {
    ranked: rankedChanges(near, incident, (object) => releaseByKey.get(objectKey(object))),
    after: inTime.length - before.length,
    malformed: helm.malformed,
  };
}

/** ReplicaSets that own none of the pods are the past of their owner, and tell nothing more. */
function isNoOtherSet({ own }: Affected): (object: JsonObject) => boolean {
  return (object) => {
    const facts = objectFacts(object);
    return facts !== undefined && (facts.kind !== 'ReplicaSet' || own.has(objectKey(facts)));
  };
}
