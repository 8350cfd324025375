import type { KubeObject } from '../../src/cluster/objects.ts';
import type { Address } from './address.ts';
import { failure } from './answer.ts';
import type { Answer } from './answer.ts';
import type { LoggedRequest } from './requests.ts';
import type { Store } from './store.ts';

const admission = { group: 'admissionregistration.k8s.io', namespace: undefined };
const labelKey = 'kubectl-ir/pod-uid';

/**
 * What a ValidatingAdmissionPolicy with a binding refuses. No CEL: a policy is taken to mean that the pod whose uid stands in
 * its first match condition is neither deleted nor loses our label by a merge patch.
 */
export function refusedByPolicy(store: Store, address: Address, request: LoggedRequest): Answer | undefined {
  if (address.resource !== 'pods' || address.subresource !== undefined) return undefined;
  const pod = store.get(address);
  const bindings = store.list({ ...admission, resource: 'validatingadmissionpolicybindings' });
  const policies = store.list({ ...admission, resource: 'validatingadmissionpolicies' });
  const refusing = policies.find(
    (policy) =>
      pod?.metadata.uid !== undefined &&
      guardedUid(policy) === pod.metadata.uid &&
      bindings.some((binding) => specOf(binding)['policyName'] === policy.metadata.name),
  );
  if (refusing === undefined || !isRefused(request)) return undefined;
  const { name } = refusing.metadata;
  return failure(
    403,
    'Forbidden',
    `pods "${address.name ?? ''}" is forbidden: ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: kept`,
  );
}

function isRefused({ method, body }: LoggedRequest): boolean {
  if (method === 'DELETE') return true;
  const { metadata } = (body ?? {}) as { metadata?: { labels?: Record<string, string | null> } };
  return method === 'PATCH' && metadata?.labels?.[labelKey] === null;
}

function guardedUid(policy: KubeObject): string | undefined {
  const [condition] = (specOf(policy)['matchConditions'] ?? []) as { expression?: string }[];
  return /"([^"]+)"/.exec(condition?.expression ?? '')?.[1];
}

function specOf(object: KubeObject): Record<string, unknown> {
  return (object as { spec?: Record<string, unknown> }).spec ?? {};
}
