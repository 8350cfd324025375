import { ApiError, OperationError } from '../output/errors.ts';
import { terminalLine } from '../output/line.ts';
import { quotedWord } from '../output/shell-word.ts';
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

/** What an administrator can run to give a user what a command (every one, if none is named) needs in a namespace. */
export function grantAdvice(who: {
  readonly command?: string | undefined;
  readonly namespace: string;
  readonly username: string;
}): string {
  const only = who.command === undefined ? '' : ` --command ${who.command}`;
  const user = quotedWord(terminalLine(who.username));
  return `ask a cluster administrator to run: kubectl ir preflight${only} -n ${who.namespace} --print-rbac --as ${user} | kubectl apply -f -`;
}

/** The error for missing rights: each one by name, and what an administrator can run about it. */
export function rightsError(
  who: { readonly command: string; readonly namespace: string; readonly username: string },
  missing: readonly Right[],
): OperationError {
  const privileged = missing.some((right) => right.verb === 'create' && right.resource === 'pods');
  const note = '\n(creating pods in a privileged namespace amounts to root on every node)';
  return new OperationError(
    `user "${who.username}" may not do what ${who.command} needs:\n${rightsText(missing)}`,
    { advice: `${grantAdvice(who)}${privileged ? note : ''}` },
  );
}

/** `create pods/exec`, or `get nodes "a"`; what is not of Kubernetes itself with its group, since names are the same in several. */
export function rightText(right: Right): string {
  const { group = '' } = right;
  const isForeign = group.includes('.') && !group.endsWith('.k8s.io');
  const name = isForeign ? `${right.resource}.${group}` : right.resource;
  const resource = right.subresource === undefined ? name : `${name}/${right.subresource}`;
  return `${right.verb} ${resource}${right.name === undefined ? '' : ` "${right.name}"`}`;
}
