import { artifactOf } from '../../artifacts/catalogue.ts';
import type { ApiAuditEvent } from '../../artifacts/api-audit.ts';
import type { JsonObject } from '../../artifacts/json.ts';
import { isMalformed } from '../../artifacts/lines.ts';
import { parsers } from '../../artifacts/parsers.ts';
import { openAcquisitions } from '../../evidence/exhibits.ts';
import { itemName, type ItemRecord } from '../../evidence/item-record.ts';
import { keptObjects, metadataOf } from '../../evidence/kept-objects.ts';
import type { AcquisitionReader } from '../../evidence/reader.ts';
import { readRecords } from '../../evidence/records.ts';
import type { UsedRight } from '../../incident/controls/control.ts';

/** What the case itself has of the controls around its pods, as they were when it was collected. */
export interface KeptControls {
  /** Objects by the path of the request that brought them, where all of its answer is there. */
  readonly answers: ReadonlyMap<string, readonly JsonObject[]>;
  /** Objects of pods by their uids, the first of each: before anything was done to it. */
  readonly pods: ReadonlyMap<string, JsonObject>;
  /** By `KIND/NAMESPACE/NAME`. */
  readonly controllers: ReadonlyMap<string, JsonObject>;
  /** By user; missing where the case has no audit log of the API. */
  readonly used?: ReadonlyMap<string, readonly UsedRight[]>;
}

const wanted = new Set([
  'NetworkPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'RoleBinding',
  'ClusterRoleBinding',
  'Role',
  'ClusterRole',
  'Namespace',
]);
const controllers = new Set(['ReplicaSet', 'Job']);

/** Reads the controls that the acquisitions of a case hold. Throws OperationError when there is none. */
export async function keptControls(dir: string, signal: AbortSignal): Promise<KeptControls> {
  const answers = new Map<string, readonly JsonObject[]>();
  const pods = new Map<string, JsonObject>();
  const above = new Map<string, JsonObject>();
  const used = new Map<string, Map<string, UsedRight>>();
  let audited = false;
  for (const { name, reader } of await openAcquisitions(dir)) {
    signal.throwIfAborted();
    const here = new Map<string, JsonObject[]>();
    for (const path of wholeAnswers(reader)) here.set(path, []);
    for await (const { source, kind, object } of keptObjects(name, reader)) {
      const { uid, namespace, name: called } = metadataOf(object);
      if (kind === 'Pod' && uid !== '' && !pods.has(uid)) pods.set(uid, object);
      if (controllers.has(kind)) above.set(`${kind}/${namespace}/${called}`, object);
      if (wanted.has(kind)) here.get(source)?.push(object);
    }
    for (const [path, objects] of here) if (!answers.has(path)) answers.set(path, objects);
    for (const item of reader.items) {
      if (item.offset === undefined || artifactOf(itemName(item), item.artifact)?.parser !== 'api audit')
        continue;
      audited = true;
      await addUsed(reader, item, used);
    }
  }
  const byUser = new Map([...used].map(([user, rights]) => [user, [...rights.values()]]));
  return { answers, pods, controllers: above, ...(audited ? { used: byUser } : {}) };
}

/** Paths of requests of which every page is whole. */
function wholeAnswers({ items }: AcquisitionReader): Set<string> {
  const base = ({ name }: ItemRecord): string => name.replace(/(?:-\d+)?\.json$/, '');
  const ofTheApi = items.filter(({ name }) => name.startsWith('live_response/kubernetes/'));
  const broken = new Set(ofTheApi.filter(({ outcome }) => outcome !== 'ok').map(base));
  return new Set(ofTheApi.filter((item) => !broken.has(base(item))).map(({ source }) => source));
}

async function addUsed(
  reader: AcquisitionReader,
  item: ItemRecord,
  used: Map<string, Map<string, UsedRight>>,
): Promise<void> {
  for await (const record of readRecords({ acquisition: reader, item, parser: parsers['api audit'] })) {
    if (isMalformed(record)) continue;
    const { user, impersonated, verb, uri, resource, subresource, code } = record as ApiAuditEvent;
    if (resource === undefined || code === undefined || code >= 400) continue;
    const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
    const right = { verb, group: /^\/apis\/([^/?]+)\//.exec(uri)?.[1] ?? '', resource: whole };
    const who = impersonated ?? user;
    const rights = used.get(who) ?? new Map<string, UsedRight>();
    used.set(who, rights.set(`${verb} ${right.group}/${whole}`, right));
  }
}
