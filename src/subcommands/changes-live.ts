import { type JsonObject, objectOf, objectsOf } from '../artifacts/json.ts';
import type { Api, Query } from '../cluster/api.ts';
import { getObject } from '../cluster/apply.ts';
import { listAtMost } from '../cluster/bounded-list.ts';
import { type ObjectRef, resourceOfKind, resourcePath, splitApiVersion } from '../cluster/path.ts';
import { resolvePod, type Target } from '../cluster/target.ts';
import { affectedBy, releaseOf, roleGiven } from '../incident/change/affected.ts';
import type { ChangeRecords } from '../incident/change/configuration-changes.ts';
import { objectKey } from '../incident/change/change.ts';
import { controllerEvents } from '../incident/change/controller-events.ts';
import { objectFacts } from '../incident/change/object-facts.ts';
import { ApiError, OperationError } from '../output/errors.ts';

/** What changes are asked of: a pod, or all pods of a namespace. */
export type LiveTarget = { readonly pod: Target } | { readonly namespace: string };

/** What was read, and what was not. */
export interface FoundRecords {
  readonly records: ChangeRecords;
  readonly namespaces: readonly string[];
  /** Resources whose lists were read to their ends. */
  readonly whole: ReadonlySet<string>;
  /** Sentences. */
  readonly notSeen: readonly string[];
}

/** Objects of one list that are held at once; a namespace with more has them told as not seen. */
const mostObjects = 5000;
/** An owner of an owner of an owner …: nobody builds longer chains. */
const longestChain = 8;
const workloads = ['apps/v1 deployments', 'apps/v1 statefulsets', 'apps/v1 daemonsets'] as const;
const admission = [
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
] as const;
const rbac = 'rbac.authorization.k8s.io/v1';

/** Reads from a cluster what changes are made of. What may not be read, or is more than is held, is told. */
export async function readLive(api: Api, target: LiveTarget, signal: AbortSignal): Promise<FoundRecords> {
  const reading = new Reading(api, signal);
  const inPod = 'pod' in target;
  const namespace = inPod ? api.namespace : target.namespace;
  const self = inPod ? [(await resolvePod(api, target.pod, signal)) as unknown as JsonObject] : [];
  const [siblings, owners, space] = await Promise.all([
    reading.list('v1 pods', namespace, {}, inPod ? sharesImage(self) : undefined),
    inPod ? reading.owners(self) : reading.workloads(namespace),
    reading.get({ apiVersion: 'v1', resource: 'namespaces', name: namespace }),
  ]);
  if (!inPod && space.length === 0) throw new OperationError(`namespace "${namespace}" not found`);
  const pods = inPod ? self : siblings;
  const { accounts } = affectedBy(pods, owners);
  const uids = new Set(owners.map((owner) => objectFacts(owner)?.uid));
  const ofOwners = (object: JsonObject): boolean =>
    objectFacts(object)?.owners.some(({ uid }) => uids.has(uid)) ?? false;
  const [revisions, bindings, policies, admissions, accountObjects, releases, events] = await Promise.all([
    reading.lists(['apps/v1 replicasets', 'apps/v1 controllerrevisions'], namespace, {}, ofOwners),
    reading
      .lists([`${rbac} rolebindings`], namespace)
      .then(async (some) => [...some, ...(await reading.list(`${rbac} clusterrolebindings`))]),
    reading.list('networking.k8s.io/v1 networkpolicies', namespace),
    reading.lists(admission.map((resource) => `admissionregistration.k8s.io/v1 ${resource}`)),
    reading.each(
      accounts.map(({ namespace: place, name }) => ({
        apiVersion: 'v1',
        resource: 'serviceaccounts',
        namespace: place,
        name,
      })),
    ),
    reading.releases(owners),
    reading.list('v1 events', namespace, {}, (event) => controllerEvents([event]).length > 0),
  ]);
  const roles = bindings.flatMap((binding) => roleGiven(binding, accounts) ?? []);
  const roleObjects = await reading.each(
    [...new Map(roles.map((role) => [objectKey(role), role])).values()].map(
      ({ apiVersion, kind, ...role }) => ({
        apiVersion,
        resource: resourceOfKind(kind),
        ...role,
      }),
    ),
  );
  const objects = [...space, ...accountObjects, ...bindings, ...roleObjects, ...policies, ...admissions];
  return {
    records: { pods, siblings, owners, revisions, objects, releases, events },
    namespaces: [namespace],
    whole: reading.whole,
    notSeen: reading.notSeen,
  };
}

/** True for pods with an image that one of the others names too. */
function sharesImage(pods: readonly JsonObject[]): (pod: JsonObject) => boolean {
  const imagesOf = (pod: JsonObject): unknown[] => {
    const spec = objectOf(pod['spec']);
    return [...objectsOf(spec?.['containers']), ...objectsOf(spec?.['initContainers'])].map(
      ({ image }) => image,
    );
  };
  const images = new Set(pods.flatMap(imagesOf));
  return (pod) => imagesOf(pod).some((image) => images.has(image));
}

/** Reads what may be read, and keeps why the rest was not. */
class Reading {
  readonly #api: Api;
  readonly #signal: AbortSignal;
  readonly notSeen: string[] = [];
  readonly whole = new Set<string>();

  constructor(api: Api, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** A list of `VERSION RESOURCE`. */
  async list(
    what: string,
    namespace?: string,
    query: Query = {},
    keep?: (object: JsonObject) => boolean,
  ): Promise<readonly JsonObject[]> {
    const [apiVersion = '', resource = ''] = what.split(' ');
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    const path = resourcePath({
      ...splitApiVersion(apiVersion),
      resource,
      ...(namespace === undefined ? {} : { namespace }),
    });
    const request = { path, query, doing: `list ${resource}`, signal: this.#signal };
    const found = await this.#seen(`${resource}${where}`, () =>
      listAtMost<JsonObject>(this.#api, request, mostObjects, keep),
    );
    if (found?.more === true)
      this.notSeen.push(`${resource}${where}: there are more than ${mostObjects}, and these were looked at`);
    if (found?.more === false && keep === undefined) this.whole.add(resource);
    return found?.items ?? [];
  }

  async lists(
    what: readonly string[],
    namespace?: string,
    query: Query = {},
    keep?: (object: JsonObject) => boolean,
  ): Promise<JsonObject[]> {
    return (await Promise.all(what.map((one) => this.list(one, namespace, query, keep)))).flat();
  }

  workloads(namespace: string): Promise<JsonObject[]> {
    return this.lists([...workloads, 'batch/v1 jobs', 'batch/v1 cronjobs', 'apps/v1 replicasets'], namespace);
  }

  async get(ref: ObjectRef): Promise<JsonObject[]> {
    const object = await this.#seen(`${ref.resource} "${ref.name}"`, () =>
      getObject<JsonObject>(this.#api, ref, this.#signal),
    );
    return object === undefined ? [] : [object];
  }

  async each(refs: readonly ObjectRef[]): Promise<JsonObject[]> {
    const objects: JsonObject[] = [];
    for (const ref of refs) objects.push(...(await this.get(ref)));
    return objects;
  }

  /** Who owns pods, and who owns those. */
  async owners(pods: readonly JsonObject[]): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    let below = pods;
    for (let step = 0; step < longestChain && below.length > 0; step += 1) {
      const names = below.flatMap((object) => objectFacts(object)?.owners ?? []);
      below = await this.each(
        // A static pod is owned by its node, whose changes are others'.
        names
          .filter(({ kind }) => kind !== 'Node')
          .map(({ apiVersion, kind, namespace, name }) => ({
            apiVersion,
            resource: resourceOfKind(kind),
            namespace,
            name,
          })),
      );
      found.push(...below);
    }
    return found;
  }

  /** Records of the Helm releases that objects say they are of; of each Helm keeps ten, if it is not told otherwise. */
  async releases(owners: readonly JsonObject[]): Promise<JsonObject[]> {
    const names = owners.flatMap((object) => {
      const facts = objectFacts(object);
      return facts === undefined ? [] : (releaseOf(facts) ?? []);
    });
    const records: JsonObject[] = [];
    for (const { name, namespace } of new Map(names.map((one) => [objectKey(one), one])).values()) {
      const query = { labelSelector: `owner=helm,name=${name}` };
      records.push(...(await this.lists(['v1 secrets', 'v1 configmaps'], namespace, query)));
    }
    return records;
  }

  /** Undefined for what is not there or may not be read; the latter is told. */
  async #seen<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 404)) throw error;
      if (error.status === 403) this.notSeen.push(`${what}: ${error.message}`);
      return undefined;
    }
  }
}
