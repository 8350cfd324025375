import { ApiError } from '../output/errors.ts';
import type { Api } from './api.ts';

/** One thing someone must be allowed to do. */
export interface Right {
  readonly verb: string;
  /** API group, empty or absent for the core group. */
  readonly group?: string | undefined;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** Absent: cluster-wide. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Who we are to the API server. */
export interface Identity {
  readonly username: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** SelfSubjectReview (stable since Kubernetes 1.28); an older server that has none gives the username `unknown`. */
export async function whoAmI(api: Api, signal?: AbortSignal): Promise<Identity> {
  const apiVersion = 'authentication.k8s.io/v1';
  try {
    const review = await api.json<{ status?: { userInfo?: Partial<Identity> } }>({
      method: 'POST',
      path: `/apis/${apiVersion}/selfsubjectreviews`,
      body: { apiVersion, kind: 'SelfSubjectReview' },
      doing: 'ask who we are',
      ...(signal === undefined ? {} : { signal }),
    });
    const user = review.status?.userInfo ?? {};
    return {
      username: user.username ?? 'unknown',
      uid: user.uid,
      groups: user.groups ?? [],
      extra: user.extra ?? {},
    };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    return { username: 'unknown', groups: [], extra: {} };
  }
}

/** One line for each missing right, such as `  create pods   in namespace kubectl-ir`; each once. */
export function rightsText(missing: readonly Right[]): string {
  const width = Math.max(...missing.map((right) => rightText(right).length));
  const lines = missing.map((right) => {
    const where = right.namespace === undefined ? 'in the whole cluster' : `in namespace ${right.namespace}`;
    return `  ${rightText(right).padEnd(width)}   ${where}`;
  });
  return [...new Set(lines)].join('\n');
}

/** The same in one line: `you may not create networkpolicies or delete networkpolicies`. */
export function mayNotText(missing: readonly Right[]): string {
  return `you may not ${[...new Set(missing.map(rightText))].join(' or ')}`;
}

/** `create pods/exec`, or `get nodes "a"`. A resource that is not Kubernetes' own has its group, as others may have the same name. */
export function rightText(right: Right): string {
  const { group = '' } = right;
  const isForeign = group.includes('.') && !group.endsWith('.k8s.io');
  const name = isForeign ? `${right.resource}.${group}` : right.resource;
  const resource = right.subresource === undefined ? name : `${name}/${right.subresource}`;
  return `${right.verb} ${resource}${right.name === undefined ? '' : ` "${right.name}"`}`;
}
