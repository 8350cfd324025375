import type { Api } from '../cluster/api.ts';
import { deleteObject, getObjectOrUndefined } from '../cluster/apply.ts';
import { listAll } from '../cluster/list.ts';
import type { KubeObject, Namespace } from '../cluster/objects.ts';
import { objectPath, resourcePath } from '../cluster/path.ts';
import { waitFor } from '../cluster/wait.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { labels } from './names.ts';

/** Kinds that a namespace may not hold when it is deleted, with the names that the cluster itself puts into each. */
const contents = [
  { resource: 'pods' },
  { resource: 'configmaps', own: ['kube-root-ca.crt', 'openshift-service-ca.crt'] },
  { resource: 'secrets' },
  { resource: 'services' },
  { resource: 'persistentvolumeclaims' },
  { resource: 'serviceaccounts', own: ['default', 'builder', 'deployer'] },
] as const satisfies readonly { resource: string; own?: readonly string[] }[];

const goneMs = 30_000;

/** The namespace when it is there, ours and empty; undefined when there is none. Throws OperationError otherwise. */
export async function emptyNamespace(
  api: Api,
  name: string,
  signal: AbortSignal,
): Promise<Namespace | undefined> {
  const found = await getObjectOrUndefined<Namespace>(api, refOf(name), signal);
  if (found === undefined) return undefined;
  if (found.metadata?.labels?.[labels.managedBy] !== 'kubectl-ir') {
    throw new OperationError(`namespace "${name}" was not created by kubectl ir; it is left alone`, {
      advice: `to delete it all the same: kubectl delete namespace ${name}`,
    });
  }
  const left = (await Promise.all(contents.map((one) => namesIn(api, name, one, signal)))).flat();
  if (left.length > 0) {
    throw new OperationError(`namespace "${name}" is not empty: ${left.slice(0, 10).join(', ')}`, {
      advice: 'a configmap named ir-UID is the record of an isolation; release that pod first',
    });
  }
  return found;
}

async function namesIn(
  api: Api,
  namespace: string,
  { resource, own = [] }: { readonly resource: string; readonly own?: readonly string[] },
  signal: AbortSignal,
): Promise<string[]> {
  const names: string[] = [];
  const path = resourcePath({ version: 'v1', namespace, resource });
  for await (const object of listAll<KubeObject>(api, { path, doing: `list ${resource}`, signal })) {
    if (!own.includes(object.metadata.name)) names.push(`${resource}/${object.metadata.name}`);
  }
  return names;
}

/** Has the server check the deletion without doing it. */
export async function checkDeletion(api: Api, namespace: Namespace, signal: AbortSignal): Promise<void> {
  const { name = '', uid } = namespace.metadata ?? {};
  await deleteObject(api, refOf(name), { uid, dryRun: true, signal });
}

/** Deletes that very namespace and waits until it is gone. */
export async function removeNamespace(
  api: Api,
  io: Io,
  namespace: Namespace,
  signal: AbortSignal,
): Promise<void> {
  const { name = '', uid } = namespace.metadata ?? {};
  await deleteObject(api, refOf(name), { uid, signal });
  await waitFor<Namespace>(api, io, {
    path: objectPath(refOf(name)),
    what: `namespace ${name} to be gone; a dead APIService keeps it Terminating, see its status.conditions`,
    until: (found) => found === undefined || found.metadata?.uid !== uid,
    timeoutMs: goneMs,
    signal,
  });
}

function refOf(name: string): { apiVersion: string; resource: string; name: string } {
  return { apiVersion: 'v1', resource: 'namespaces', name };
}
