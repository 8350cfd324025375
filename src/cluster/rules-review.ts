import { ApiError } from '../output/errors.ts';
import type { Right } from './access.ts';
import type { Api } from './api.ts';

/** What a rule allows (authorization.k8s.io/v1 ResourceRule): `*` is all, no names are every name. */
export interface ResourceRule {
  readonly verbs?: readonly string[] | null;
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  readonly resourceNames?: readonly string[] | null;
}

/** Stands for no namespace: a dot is in no namespace's name (RFC 1123 label), so only what holds everywhere holds here. */
const everywhere = 'kubectl-ir.everywhere';

/**
 * Those of `rights` that the caller has for certain, from one SelfSubjectRulesReview for each namespace that they are about. The others
 * may be had all the same: a server whose authorizers do not all tell their rules (a webhook never does) tells nothing for certain,
 * neither does one that refuses the question.
 */
export async function certainRights(
  api: Api,
  rights: readonly Right[],
  signal?: AbortSignal,
): Promise<Right[]> {
  const places = [...new Set(rights.map(placeOf))];
  const rules = new Map(
    await Promise.all(places.map(async (place) => [place, await rulesOf(api, place, signal)] as const)),
  );
  return rights.filter((right) => rules.get(placeOf(right))?.some((rule) => allows(rule, right)));
}

/** Of how many reviews the answer for `rights` is made. */
export function reviewsFor(rights: readonly Right[]): number {
  return new Set(rights.map(placeOf)).size;
}

function placeOf({ namespace }: Right): string {
  return namespace ?? everywhere;
}

async function rulesOf(
  api: Api,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<readonly ResourceRule[]> {
  const apiVersion = 'authorization.k8s.io/v1';
  try {
    const { status } = await api.json<{
      status?: { incomplete?: boolean; resourceRules?: readonly ResourceRule[] | null };
    }>({
      method: 'POST',
      path: `/apis/${apiVersion}/selfsubjectrulesreviews`,
      body: { apiVersion, kind: 'SelfSubjectRulesReview', spec: { namespace } },
      doing: 'ask what we may do',
      ...(signal === undefined ? {} : { signal }),
    });
    // An authorizer that does not tell its rules may also refuse what another allows.
    return status?.incomplete === false ? (status.resourceRules ?? []) : [];
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 0) throw error;
    return [];
  }
}

/** Whether a rule gives a right, as RBAC reads it: the resource `*` is also every subresource. */
export function allows(rule: ResourceRule, right: Right): boolean {
  const { verb, group = '', resource, subresource, name } = right;
  const has = (list: readonly string[] | null | undefined, ...wanted: readonly string[]): boolean =>
    list?.some((one) => one === '*' || wanted.includes(one)) === true;
  const resources =
    subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  const names = rule.resourceNames ?? [];
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    has(rule.resources, ...resources) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}
