import { ApiError, OperationError } from '../output/errors.ts';
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

/** Who the API server takes us for. */
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

/** One line for each missing right, such as `  create pods                  in namespace kubectl-ir`. */
export function rightsText(missing: readonly Right[]): string {
  return missing
    .map((right) => {
      const where =
        right.namespace === undefined ? 'in the whole cluster' : `in namespace ${right.namespace}`;
      return `  ${rightText(right).padEnd(28)} ${where}`;
    })
    .join('\n');
}

/** The same in one line: `you may not create networkpolicies or delete networkpolicies`. */
export function mayNotText(missing: readonly Right[]): string {
  return `you may not ${[...new Set(missing.map(rightText))].join(' or ')}`;
}

/** The error for missing rights: each one by name, and what an administrator can run about it. */
export function rightsError(command: string, username: string, missing: readonly Right[]): OperationError {
  const privileged = missing.some((right) => right.verb === 'create' && right.resource === 'pods');
  const note = '\n(creating pods in a privileged namespace amounts to root on every node)';
  return new OperationError(`user "${username}" may not do what ${command} needs:\n${rightsText(missing)}`, {
    advice:
      'ask a cluster administrator to run: ' +
      `kubectl ir preflight --command ${command} --print-rbac | kubectl apply -f -${privileged ? note : ''}`,
  });
}

/** `create pods/exec`, or `get nodes "a"`. */
export function rightText(right: Right): string {
  const resource =
    right.subresource === undefined ? right.resource : `${right.resource}/${right.subresource}`;
  return `${right.verb} ${resource}${right.name === undefined ? '' : ` "${right.name}"`}`;
}
