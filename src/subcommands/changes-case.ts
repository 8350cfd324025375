import { artifactOf } from '../artifacts/catalogue.ts';
import { jsonObject, type JsonObject, objectsOf, textOf } from '../artifacts/json.ts';
import { readFailure } from '../evidence/durable-file.ts';
import { itemName, type ItemRecord } from '../evidence/item-record.ts';
import type { ChangeRecords } from '../incident/change/configuration-changes.ts';
import { objectKey } from '../incident/change/change.ts';
import { objectFacts } from '../incident/change/object-facts.ts';
import { OperationError, VerificationError } from '../output/errors.ts';
import type { FoundRecords } from './changes-live.ts';
import type { OpenAcquisition } from './timeline-sources.ts';

/** What a case holds that changes are made of. */
export interface CaseRecords extends FoundRecords {
  /** Audit logs of the API server, oldest first. */
  readonly logs: readonly { readonly acquisition: OpenAcquisition; readonly item: ItemRecord }[];
  /** Items that are not what was collected. */
  readonly damaged: readonly string[];
}

/** `live_response/kubernetes/RESOURCE.json`, its further pages, and `live_response/kubernetes/RESOURCE/NAME.json`. */
const objectItem = /^live_response\/kubernetes\/([a-z]+)(?:(?:-[0-9]+)?|\/.+)\.json$/s;
const longestItem = 64 * 1024 * 1024;
/** Of one resource: a flood of one that anybody may make, such as Events, takes no place from another. */
const mostObjects = 20_000;

type Part = keyof Omit<ChangeRecords, 'pods'>;

/** Which part of the records a resource belongs to; others tell nothing of configuration. */
const partOf: Readonly<Record<string, readonly Part[]>> = {
  pods: ['siblings'],
  replicasets: ['owners', 'revisions'],
  controllerrevisions: ['revisions'],
  deployments: ['owners'],
  statefulsets: ['owners'],
  daemonsets: ['owners'],
  jobs: ['owners'],
  cronjobs: ['owners'],
  events: ['events'],
  ...Object.fromEntries(
    [
      ...['serviceaccounts', 'namespaces', 'roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
      ...['networkpolicies', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
      ...['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
    ].map((resource) => [resource, ['objects'] as const]),
  ),
};

/** What a live look has, and the resource by which a case would have it too. */
const wanted = {
  pods: ['pods'],
  'the owners of the pods': ['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'jobs'],
  'bindings and roles': ['rolebindings', 'clusterrolebindings'],
  'network policies': ['networkpolicies'],
  'admission policies and webhooks': ['validatingadmissionpolicies', 'validatingwebhookconfigurations'],
  events: ['events'],
} as const;

/**
 * Reads from the acquisitions of a case what changes are made of; of an object that is in several the latest state. `target` is
 * what the case was opened for: where that is a pod it alone is affected, and not all that share its node.
 */
export async function readCase(
  acquisitions: readonly OpenAcquisition[],
  target?: string,
): Promise<CaseRecords> {
  const parts: Record<Part, Map<string, JsonObject>> = {
    siblings: new Map(),
    owners: new Map(),
    revisions: new Map(),
    objects: new Map(),
    releases: new Map(),
    events: new Map(),
  };
  const pods = new Map<string, JsonObject>();
  const seen = new Set<string>();
  const whole = new Set<string>();
  const notSeen: string[] = [];
  const damaged: string[] = [];
  const logs: { acquisition: OpenAcquisition; item: ItemRecord }[] = [];
  const counts = new Map<string, number>();
  for (const acquisition of acquisitions)
    for (const item of acquisition.reader.items) {
      if (artifactOf(itemName(item), item.artifact)?.parser === 'api audit') logs.push({ acquisition, item });
      const [, resource = ''] = objectItem.exec(item.name) ?? [];
      const places = Object.hasOwn(partOf, resource) ? (partOf[resource] ?? []) : [];
      if (places.length === 0) continue;
      if (item.outcome === 'ok' && item.name === `live_response/kubernetes/${resource}.json`)
        whole.add(resource);
      if (item.outcome !== 'ok') notSeen.push(`${item.name}: ${item.outcome}, ${item.detail ?? 'not whole'}`);
      if (item.offset === undefined || item.type !== 'file') continue;
      const objects = await objectsIn(acquisition, item, notSeen, damaged);
      seen.add(resource);
      for (const object of objects) {
        const facts = objectFacts(object);
        if (facts === undefined) continue;
        const count = (counts.get(resource) ?? 0) + 1;
        counts.set(resource, count);
        if (count > mostObjects) continue;
        for (const place of places) parts[place].set(objectKey(facts), object);
        if (resource === 'pods' && item.name.includes('/pods/')) pods.set(objectKey(facts), object);
      }
    }
  for (const [resource, count] of counts)
    if (count > mostObjects)
      notSeen.push(`${resource}: there are more than ${mostObjects} in the case, and these were looked at`);
  for (const [what, resources] of Object.entries(wanted))
    if (!resources.some((resource) => seen.has(resource))) notSeen.push(`${what}: not in the case`);
  notSeen.push(...neverInACase(parts, whole));
  const siblings = [...parts.siblings.values()];
  const named = siblings.filter((pod) => objectFacts(pod)?.name === target);
  return {
    records: {
      pods: pods.size > 0 ? [...pods.values()] : named.length > 0 ? named : siblings,
      siblings,
      owners: [...parts.owners.values()],
      revisions: [...parts.revisions.values()],
      objects: [...parts.objects.values()],
      releases: [...parts.releases.values()],
      events: [...parts.events.values()],
    },
    namespaces: [],
    whole,
    notSeen,
    logs,
    damaged,
  };
}

/** What snapshots do not take, or not all of them. */
function neverInACase(
  { revisions, releases }: Readonly<Record<Part, Map<string, JsonObject>>>,
  whole: ReadonlySet<string>,
): string[] {
  const listed = whole.has('replicasets') && whole.has('controllerrevisions');
  return [
    ...(listed || revisions.size > 1 ? [] : ['earlier revisions of the owners: not in the case']),
    ...(releases.size > 0 ? [] : ['records of Helm: not in the case, as they hold secrets']),
  ];
}

async function objectsIn(
  { reader }: OpenAcquisition,
  item: ItemRecord,
  notSeen: string[],
  damaged: string[],
): Promise<JsonObject[]> {
  let document: JsonObject | undefined;
  try {
    document = jsonObject(await reader.bytes(item, longestItem));
  } catch (error) {
    if (error instanceof VerificationError) damaged.push(error.message);
    else {
      const reason = error instanceof OperationError ? error.message : readFailure(error);
      if (reason === undefined) throw error;
      notSeen.push(`${item.name}: ${reason}`);
    }
    return [];
  }
  const kind = textOf(document?.['kind']);
  if (document === undefined || kind === undefined) {
    notSeen.push(`${item.name}: no object of the API`);
    return [];
  }
  if (!Array.isArray(document['items'])) return [document];
  // Items of lists lack what the list says of all of them.
  const common = { apiVersion: document['apiVersion'], kind: kind.replace(/List$/, '') };
  return objectsOf(document['items']).map((one) => ({ ...common, ...one }));
}
