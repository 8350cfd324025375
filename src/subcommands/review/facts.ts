import { type JsonObject, labelsOf, objectOf, objectsOf, textOf, textsOf } from '../../artifacts/json.ts';
import type { Api } from '../../cluster/api.ts';
import type { ClusterRoleBinding, RoleBinding } from '../../cluster/objects.ts';
import { objectPath, type ObjectRef, resourcePath } from '../../cluster/path.ts';
import { bindingText, type Grant, grantsOf } from '../../containment/facts/grant.ts';
import { podUidLabel } from '../../containment/names.ts';
import { type Kind, Reader } from '../../containment/reader.ts';
import type { ControlFacts, Granted } from '../../incident/controls/control.ts';
import { type ControllerRef, topController, workloadName } from '../../incident/workload.ts';
import { type CasePod, controllerIn, ownedPod } from '../verify-fix/about.ts';
import type { KeptControls } from './kept.ts';

/** A workload of a case and what its controls are judged on. */
export interface WorkloadFacts {
  readonly workload: string;
  readonly facts: ControlFacts;
  /** What was read from the cluster as it is now, as the case does not hold it. */
  readonly live: readonly string[];
  /** What could be read nowhere, and why. */
  readonly gaps: readonly string[];
}

const kinds = {
  networkpolicies: { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
  poddisruptionbudgets: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' },
  rolebindings: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'rolebindings' },
  clusterrolebindings: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterrolebindings' },
} as const satisfies Readonly<Record<string, Kind>>;
const rbac = 'rbac.authorization.k8s.io/v1';

/** Reads objects from the case where it holds them, else from the cluster where that is reached. */
class Sources {
  readonly live = new Set<string>();
  readonly gaps = new Set<string>();
  readonly #kept: KeptControls;
  readonly #api: Api | undefined;
  readonly #signal: AbortSignal;

  constructor(kept: KeptControls, api: Api | undefined, signal: AbortSignal) {
    this.#kept = kept;
    this.#api = api;
    this.#signal = signal;
  }

  async list(
    kind: Kind,
    namespace?: string,
    labelSelector?: string,
  ): Promise<readonly JsonObject[] | undefined> {
    const kept =
      labelSelector === undefined ? this.#kept.answers.get(resourcePath({ ...kind, namespace })) : undefined;
    const query = labelSelector === undefined ? {} : { labelSelector };
    return kept ?? this.#ask(kind.resource, (reader) => reader.list<JsonObject>(kind, namespace, query));
  }

  async get(ref: ObjectRef): Promise<JsonObject | undefined> {
    const [kept] = this.#kept.answers.get(objectPath(ref)) ?? [];
    const what = `${ref.resource} ${ref.name}`;
    return kept ?? this.#ask(what, (reader) => reader.get<JsonObject>(ref, what));
  }

  async #ask<T>(what: string, read: (reader: Reader) => Promise<T | undefined>): Promise<T | undefined> {
    if (this.#api === undefined) return undefined;
    const reader = new Reader(this.#api, this.#signal);
    const answer = await read(reader);
    for (const gap of reader.gaps) this.gaps.add(gap);
    if (reader.gaps.length > 0) return undefined;
    if (answer !== undefined) this.live.add(what);
    return answer;
  }
}

/** What the controls of a pod's workload are judged on; undefined where the pod's object is neither in the case nor in the cluster. */
export async function workloadFacts(
  { uid, pod, history }: CasePod,
  kept: KeptControls,
  api: Api | undefined,
  signal: AbortSignal,
): Promise<WorkloadFacts | undefined> {
  const sources = new Sources(kept, api, signal);
  const { namespace, name } = pod;
  const object = kept.pods.get(uid) ?? (await livePod(sources, { namespace, name, uid }));
  if (object === undefined) return undefined;
  const owned = pod.controller === undefined ? { ...ownedPod(object), namespace, name } : pod;
  const above = await controllersAbove(sources, kept, namespace, owned.controller);
  const controller = topController(owned, above);
  const detached = history?.record.acts.find((act) => act.kind === 'detach')?.labels ?? {};
  const labels = { ...labelsOf(objectOf(object['metadata'])?.['labels']), ...detached };
  const spec = objectOf(object['spec']) ?? {};
  const account = textOf(spec['serviceAccountName']) ?? 'default';
  const facts = {
    namespace: await sources.get({ apiVersion: 'v1', resource: 'namespaces', name: namespace }),
    policies: notOurs(await sources.list(kinds.networkpolicies, namespace)),
    budgets: notOurs(await sources.list(kinds.poddisruptionbudgets, namespace)),
    account: await sources.get({ apiVersion: 'v1', resource: 'serviceaccounts', namespace, name: account }),
    grants: await grantsTo(sources, { namespace, name: account }),
    apiServers: await apiServers(sources, kept),
    used:
      kept.used === undefined
        ? undefined
        : (kept.used.get(`system:serviceaccount:${namespace}:${account}`) ?? []),
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return {
    workload: workloadName(owned, above),
    facts: {
      pod: {
        ...{ namespace, name, labels, spec, status: objectOf(object['status']) ?? {} },
        ...(controller === undefined ? {} : { controller }),
      },
      ...known,
    },
    live: [...sources.live],
    gaps: [...sources.gaps],
  };
}

async function livePod(
  sources: Sources,
  { namespace, name, uid }: { readonly namespace: string; readonly name: string; readonly uid: string },
): Promise<JsonObject | undefined> {
  const live = await sources.get({ apiVersion: 'v1', resource: 'pods', namespace, name });
  return objectOf(live?.['metadata'])?.['uid'] === uid ? live : undefined;
}

async function controllersAbove(
  sources: Sources,
  { controllers }: KeptControls,
  namespace: string,
  controller: ControllerRef | undefined,
): Promise<Map<string, ControllerRef>> {
  const above = new Map<string, ControllerRef>();
  const { kind, name } = controller ?? { kind: '', name: '' };
  if (kind !== 'ReplicaSet' && kind !== 'Job') return above;
  const ref = {
    ...(kind === 'Job'
      ? { apiVersion: 'batch/v1', resource: 'jobs' }
      : { apiVersion: 'apps/v1', resource: 'replicasets' }),
    ...{ namespace, name },
  };
  const object = controllers.get(`${kind}/${namespace}/${name}`) ?? (await sources.get(ref));
  const next = object === undefined ? undefined : controllerIn(object);
  return next === undefined ? above : above.set(`${kind}/${name}`, next);
}

/** Without what an isolation of ours placed. */
function notOurs(objects: readonly JsonObject[] | undefined): readonly JsonObject[] | undefined {
  return objects?.filter(
    (object) => labelsOf(objectOf(object['metadata'])?.['labels'])[podUidLabel] === undefined,
  );
}

async function grantsTo(
  sources: Sources,
  account: { readonly namespace: string; readonly name: string },
): Promise<Granted[] | undefined> {
  const bindings = await sources.list(kinds.rolebindings, account.namespace);
  const wide = await sources.list(kinds.clusterrolebindings);
  if (bindings === undefined || wide === undefined) return undefined;
  const sound = [...wide, ...bindings].filter(isBinding) as unknown as (RoleBinding | ClusterRoleBinding)[];
  // What every account gets by its groups is no matter of this one.
  const own = grantsOf(account, sound).filter((grant) => grant.own.length > 0);
  return Promise.all(own.map((grant) => grantedBy(sources, grant)));
}

/** An object of the case may be anything. */
function isBinding(object: JsonObject): boolean {
  const role = objectOf(object['roleRef']);
  return (
    textOf(role?.['kind']) !== undefined &&
    textOf(role?.['name']) !== undefined &&
    objectOf(object['metadata']) !== undefined
  );
}

async function grantedBy(sources: Sources, grant: Grant): Promise<Granted> {
  const { role, namespace } = grant;
  const wide = role.kind === 'ClusterRole';
  const object = await sources.get({
    apiVersion: rbac,
    resource: wide ? 'clusterroles' : 'roles',
    ...(wide ? {} : { namespace }),
    name: role.name,
  });
  return {
    binding: bindingText(grant),
    ...(object === undefined ? {} : { rules: objectsOf(object['rules']) }),
  };
}

/** Command lines of API servers that run as pods, as kubeadm labels them. */
async function apiServers(sources: Sources, { pods }: KeptControls): Promise<string[][] | undefined> {
  const selector = 'component=kube-apiserver';
  const isServer = (pod: JsonObject): boolean =>
    labelsOf(objectOf(pod['metadata'])?.['labels'])['component'] === 'kube-apiserver';
  const kept = [...pods.values()].filter(isServer);
  const found =
    kept.length > 0 ? kept : await sources.list({ version: 'v1', resource: 'pods' }, 'kube-system', selector);
  return found?.map((pod) =>
    objectsOf(objectOf(pod['spec'])?.['containers']).flatMap((one) => [
      ...textsOf(one['command']),
      ...textsOf(one['args']),
    ]),
  );
}
