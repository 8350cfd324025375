import type { Api } from '../cluster/api.ts';
import type {
  ClusterRoleBinding,
  Pod,
  Role,
  RoleBinding,
  Secret,
  ServiceAccount,
} from '../cluster/objects.ts';
import { type AccountName, type Grant, grantsOf, grantText } from './facts/grant.ts';
import { secretTexts, tokenTexts } from './facts/token.ts';
import { Reader } from './reader.ts';

/** How a pod's identity is cut. */
export const identityCuts = ['token', 'bindings', 'account'] as const;
export type IdentityCut = (typeof identityCuts)[number];

/** What a pod is to the API server, by its ServiceAccount. */
export interface Identity {
  readonly account: AccountName;
  /** Undefined when it does not exist or could not be read. */
  readonly object: ServiceAccount | undefined;
  readonly grants: readonly Grant[];
  /** What it may do, a binding each. */
  readonly may: readonly string[];
  readonly tokens: readonly string[];
  readonly secrets: readonly string[];
  /** What was not looked at, and why. */
  readonly gaps: readonly string[];
}

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;

/**
 * Reads who the pod is and what that is good for. What may not be read is a gap. Of Secrets only those that hold a token are
 * asked for, and their contents are forgotten at once. Throws ApiError when the server can't be reached.
 */
export async function readIdentity(api: Api, pod: Pod, signal: AbortSignal): Promise<Identity> {
  const reader = new Reader(api, signal);
  const namespace = pod.metadata?.namespace ?? '';
  const account = { namespace, name: pod.spec?.serviceAccountName ?? 'default' };
  const [object, bindings, wide, secrets] = await Promise.all([
    reader.get<ServiceAccount>(
      { apiVersion: 'v1', resource: 'serviceaccounts', ...account },
      `serviceaccount ${account.name}`,
    ),
    reader.list<RoleBinding>({ ...rbac, resource: 'rolebindings' }, undefined),
    reader.list<ClusterRoleBinding>({ ...rbac, resource: 'clusterrolebindings' }, undefined),
    reader.list<Secret>({ version: 'v1', resource: 'secrets' }, namespace, {
      fieldSelector: 'type=kubernetes.io/service-account-token',
    }),
  ]);
  const grants = grantsOf(account, [...wide, ...bindings]);
  const may = await Promise.all(grants.map(async (grant) => grantText(grant, await rulesOf(reader, grant))));
  return {
    account,
    object,
    grants,
    may,
    tokens: tokenTexts(pod, secrets),
    secrets: secretTexts(pod),
    gaps: reader.gaps,
  };
}

async function rulesOf(reader: Reader, { role, namespace }: Grant): Promise<Role['rules']> {
  const apiVersion = `${rbac.group}/${rbac.version}`;
  const ref =
    role.kind === 'ClusterRole'
      ? { apiVersion, resource: 'clusterroles', name: role.name }
      : { apiVersion, resource: 'roles', namespace, name: role.name };
  const found = await reader.get<Role>(ref, `${role.kind.toLowerCase()} ${role.name}`);
  return found === undefined ? undefined : (found.rules ?? []);
}
