import { type JsonObject, objectOf } from '../../artifacts/json.ts';
import { change, type ConfigurationChange } from './change.ts';
import { type ManagedEntry, managedEntries, mostOwned } from './managed-fields.ts';
import { nameOf, objectFacts } from './object-facts.ts';
import { deletion } from './rollback.ts';

/** What the servers of Kubernetes call themselves; so may anyone, which is why what they did is told all the same, only later. */
const controllers: ReadonlySet<string> = new Set([
  ...['kube-controller-manager', 'kube-scheduler', 'kubelet', 'cloud-controller-manager'],
  // Our own, which a pod that was isolated has.
  'kubectl-ir',
]);
/** What they make of what others wanted. */
const madeByControllers: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Job', 'ServiceAccount']);

/**
 * What an object says of its own history: when it was created, and when which manager last set some of which fields. What
 * was before, and who it was, it does not know.
 */
export function objectChanges(object: JsonObject): ConfigurationChange[] {
  const facts = objectFacts(object);
  if (facts === undefined) return [];
  const name = nameOf(facts);
  const entries = managedEntries(object).filter(({ subresource }) => subresource !== 'status');
  const claimed = entries.find(({ time }) => time === facts.created)?.manager;
  // A controller makes what it owns because something else changed; that is told of its owner.
  const owned = facts.owners.some(({ controller }) => controller);
  const created =
    facts.created === '' || owned
      ? []
      : [
          change({
            time: facts.created,
            source: 'object',
            object: name,
            action: 'created',
            what: 'created',
            ...(claimed === undefined ? {} : { claims: claimed }),
            bodies: [object],
            ...(isOfIsolation(object) ? ofIsolation : deletion(name)),
          }),
        ];
  return [
    ...created,
    ...entries.filter(({ time }) => time > facts.created).map((entry) => changed(object, name, entry)),
  ];
}

/** A part of an isolation says so by its label, as anybody's object may; the command that undoes it looks for the record. */
function isOfIsolation(object: JsonObject): boolean {
  return objectOf(objectOf(object['metadata'])?.['labels'])?.['kubectl-ir/pod-uid'] !== undefined;
}

const ofIsolation = {
  noRollback:
    'by its label a part of an isolation, which is undone as a whole: kubectl ir status, kubectl ir release',
};

function changed(
  object: JsonObject,
  name: ConfigurationChange['object'],
  { manager, time, fields, subresource }: ManagedEntry,
): ConfigurationChange {
  const count = fields.length >= mostOwned ? `${mostOwned} or more` : String(fields.length);
  return change({
    time,
    source: 'object',
    object: name,
    action: 'changed',
    what: `${subresource === undefined ? '' : `${subresource}: `}some of the ${count} fields that its manager owns`,
    among: fields,
    claims: manager,
    consequence: madeByControllers.has(name.kind) && controllers.has(manager),
    bodies: [object],
    noRollback: 'what it was before is in no record; an audit log with whole requests has it',
  });
}
