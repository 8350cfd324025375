import { OperationError, UsageError } from '../output/errors.ts';
import type { Api } from './api.ts';
import { getObject, isNotFound } from './apply.ts';
import { listAll } from './list.ts';
import { nearestName } from './nearest.ts';
import type { Pod } from './objects.ts';
import { resourcePath } from './path.ts';

/** What a command is about: a plural resource such as `pods`, and a name. */
export interface Target {
  readonly resource: string;
  readonly name: string;
}

/** kubectl's short and singular names of the resources that our commands take. */
const resources: Readonly<Record<string, readonly string[]>> = {
  pods: ['pod', 'po'],
  nodes: ['node', 'no'],
  deployments: ['deployment', 'deploy', 'deployments.apps', 'deployment.apps'],
  replicasets: ['replicaset', 'rs', 'replicasets.apps', 'replicaset.apps'],
  statefulsets: ['statefulset', 'sts', 'statefulsets.apps', 'statefulset.apps'],
  daemonsets: ['daemonset', 'ds', 'daemonsets.apps', 'daemonset.apps'],
  jobs: ['job', 'jobs.batch', 'job.batch'],
  replicationcontrollers: ['replicationcontroller', 'rc'],
};

/** `NAME` (a pod), `TYPE/NAME` or `TYPE NAME`, as in kubectl. Throws UsageError for anything else. */
export function parseTarget(words: readonly string[]): Target {
  const [first = '', second, ...more] = words;
  if (first === '') throw new UsageError('which pod? Give NAME, pod/NAME or TYPE NAME');
  if (more.length > 0) throw new UsageError(`only one target can be given; "${more.join(' ')}" is too much`);
  if (second !== undefined) {
    if (first.includes('/')) {
      throw new UsageError(
        'there is no need to specify a resource type as a separate argument when using TYPE/NAME',
      );
    }
    return { resource: resourceOf(first), name: checkedName(second) };
  }
  const parts = first.split('/');
  if (parts.length > 2)
    throw new UsageError('arguments in resource/name form may not have more than one slash');
  const [type, name] = parts.length === 2 ? parts : ['pods', first];
  return { resource: resourceOf(type ?? ''), name: checkedName(name ?? '') };
}

/**
 * The pod that a target names, in the namespace of the connection. When there is none, OperationError
 * says so and which name is nearest.
 */
export async function resolvePod(api: Api, target: Target, signal?: AbortSignal): Promise<Pod> {
  if (target.resource !== 'pods') {
    throw new UsageError(`${target.resource} "${target.name}" is not a pod; give pod/NAME`);
  }
  const { namespace } = api;
  try {
    return await getObject<Pod>(
      api,
      { apiVersion: 'v1', resource: 'pods', namespace, name: target.name },
      signal,
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const nearest = nearestName(target.name, await podNames(api, signal));
    const message = `pod "${target.name}" not found in namespace "${namespace}"`;
    if (nearest !== undefined) throw new OperationError(`${message}; nearest: ${nearest}`);
    const elsewhere = await namespacesOf(api, target.name, signal);
    const advice =
      elsewhere.length === 0
        ? 'see which pods there are: kubectl get pods --all-namespaces'
        : `there is one of that name elsewhere: add ${elsewhere.map((one) => `-n ${one}`).join(' or ')}`;
    throw new OperationError(message, { advice });
  }
}

/** Namespaces that have a pod of this name; none when we may not list pods in all namespaces. */
async function namespacesOf(api: Api, name: string, signal?: AbortSignal): Promise<string[]> {
  const path = resourcePath({ version: 'v1', resource: 'pods' });
  const found: string[] = [];
  const query = { fieldSelector: `metadata.name=${name}` };
  try {
    for await (const pod of listAll<Pod>(api, { path, query, ...(signal === undefined ? {} : { signal }) }))
      if (isObjectName(pod.metadata?.namespace ?? '')) found.push(pod.metadata?.namespace ?? '');
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OperationError)) throw error;
  }
  return found;
}

/** Names for the hint, at most 5000; none when listing is not allowed. */
async function podNames(api: Api, signal?: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  const path = resourcePath({ version: 'v1', namespace: api.namespace, resource: 'pods' });
  try {
    for await (const pod of listAll<Pod>(api, { path, ...(signal === undefined ? {} : { signal }) })) {
      if (pod.metadata?.name !== undefined) names.push(pod.metadata.name);
      if (names.length >= 5000) break;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OperationError)) throw error;
  }
  return names;
}

function resourceOf(type: string): string {
  const lower = type.toLowerCase();
  const found = Object.entries(resources).find(
    ([plural, names]) => plural === lower || names.includes(lower),
  );
  if (found === undefined) {
    throw new UsageError(
      `the resource type "${type}" is not known here; known: ${Object.keys(resources).join(', ')}`,
    );
  }
  return found[0];
}

/** Names of pods, nodes and owners are DNS subdomains (RFC 1123), at most 253 characters. */
function checkedName(name: string): string {
  if (!isObjectName(name)) {
    throw new UsageError(`"${name}" is not a valid name: lower case letters, digits, "-" and "." only`);
  }
  return name;
}

/** True for a DNS subdomain (RFC 1123), as names of pods, nodes and namespaces are. Such a name can't be taken for a flag or a path. */
export function isObjectName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name);
}
