import { type JsonObject, membersBut, numberOf, objectOf } from '../../artifacts/json.ts';
import { change, type ConfigurationChange, type ObjectName } from './change.ts';
import { fieldDifferences } from './field-difference.ts';
import { managedEntries } from './managed-fields.ts';
import { nameOf, type ObjectFacts, objectFacts, type OwnerName } from './object-facts.ts';
import { rolloutUndo } from './rollback.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** One revision of a workload: the ReplicaSet of a Deployment, the ControllerRevision of a DaemonSet or StatefulSet. */
interface Revision {
  readonly number: number;
  readonly facts: ObjectFacts;
  readonly object: JsonObject;
  readonly template: JsonObject;
}

/**
 * Rollouts of workloads: each revision that is still there against the one before it. `workloads` are Deployments, DaemonSets and
 * StatefulSets, `records` ReplicaSets and ControllerRevisions; those of others are left out. A first revision is no change of
 * anything, unless what was before it is no longer kept.
 */
export function rollouts(
  workloads: readonly JsonObject[],
  records: readonly JsonObject[],
): ConfigurationChange[] {
  const byOwner = new Map<string, Revision[]>();
  for (const object of records) {
    const revision = revisionOf(object);
    const owner = revision?.facts.owners.find(({ controller }) => controller);
    if (revision === undefined || owner === undefined) continue;
    const key = ownerKey(owner);
    const same = byOwner.get(key);
    if (same === undefined) byOwner.set(key, [revision]);
    else same.push(revision);
  }
  return workloads.flatMap((object) => {
    const facts = objectFacts(object);
    if (facts === undefined) return [];
    const revisions = byOwner.get(ownerKey(facts)) ?? [];
    return rolloutsOf(
      facts,
      revisions.toSorted((a, b) => a.number - b.number),
    );
  });
}

function rolloutsOf(workload: ObjectFacts, revisions: readonly Revision[]): ConfigurationChange[] {
  return revisions.flatMap((revision, at) => {
    const below = revisions[at - 1];
    const before = below ?? madeBefore(revision, revisions);
    if (before === undefined) return first(workload, revision);
    const again = below !== undefined && revision.facts.created < below.facts.created;
    return [
      change({
        ...times(revision, again),
        source: 'rollout',
        object: nameOf(workload),
        action: 'changed',
        what:
          below === undefined
            ? `revision ${revision.number}, after what is revision ${before.number} now`
            : `revision ${below.number} -> ${revision.number}${again ? ', which had been there before' : ''}`,
        ...fieldDifferences(before.template, revision.template, 'spec.template'),
        aliases: [nameOf(revision.facts)],
        ...rolloutUndo(nameOf(workload), before.number),
      }),
    ];
  });
}

/** The revision before one, where it has a higher number by now because it was gone back to. */
function madeBefore(revision: Revision, revisions: readonly Revision[]): Revision | undefined {
  return revisions
    .filter(({ facts }) => facts.created < revision.facts.created)
    .toSorted((a, b) => (a.facts.created < b.facts.created ? -1 : 1))
    .at(-1);
}

/** The oldest that is kept: a change only where the workload is older. */
function first(workload: ObjectFacts, revision: Revision): ConfigurationChange[] {
  if (revision.number <= 1 || workload.created === '' || revision.facts.created <= workload.created)
    return [];
  return [
    change({
      ...times(revision, false),
      source: 'rollout',
      object: nameOf(workload),
      action: 'changed',
      what: `revision ${revision.number}; the one before is no longer kept`,
      aliases: [nameOf(revision.facts)],
      noRollback: 'the revision before it is no longer kept',
    }),
  ];
}

/** A revision that is gone back to keeps its object, which is older than the change: when its number was set is known at the latest. */
function times({ facts, object }: Revision, again: boolean): Pick<ConfigurationChange, 'time' | 'atLatest'> {
  if (!again) return { time: facts.created };
  const [latest] = managedEntries(object).filter(({ subresource }) => subresource === undefined);
  return { time: latest?.time ?? facts.created, atLatest: true };
}

function revisionOf(object: JsonObject): Revision | undefined {
  const facts = objectFacts(object);
  if (facts === undefined || facts.created === '') return undefined;
  const isSet = facts.kind === 'ReplicaSet';
  const number = isSet ? Number(facts.annotations[revisionAnnotation]) : numberOf(object['revision']);
  const spec = objectOf(isSet ? object['spec'] : objectOf(object['data'])?.['spec']);
  const template = objectOf(spec?.['template']);
  if (number === undefined || !Number.isSafeInteger(number) || number < 1 || template === undefined)
    return undefined;
  // A ControllerRevision is a patch that replaces the template, and says so in it.
  return { number, facts, object, template: membersBut(template, '$patch') };
}

function ownerKey({ kind, namespace = '', name, uid }: ObjectName & Pick<OwnerName, 'uid'>): string {
  return JSON.stringify([kind, namespace, name, uid]);
}
