import { ApiError } from '../output/errors.ts';
import type { Right } from './access.ts';
import type { Api } from './api.ts';

/** What a rule allows (authorization.k8s.io/v1 ResourceRule): `*` stands for all; without names it allows every name. */
export interface ResourceRule {
  readonly verbs?: readonly string[] | null;
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  readonly resourceNames?: readonly string[] | null;
}

/** Stands for rights without a namespace. No namespace has a dot in its name (RFC 1123 label), so only cluster-wide rules apply in it. */
const everywhere = 'kubectl-ir.everywhere';

/**
 * Those of `rights` that we certainly have, by one SelfSubjectRulesReview for each namespace. We may have the others too: where
 * an authorizer does not list its rules (a webhook never does), or the review itself is refused, nothing is certain.
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

/** How many reviews `certainRights` needs for `rights`. */
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
    // An authorizer that does not list its rules may also deny what another allows.
    return status?.incomplete === false ? (status.resourceRules ?? []) : [];
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 0) throw error;
    return [];
  }
}

/** Whether a rule gives a right, as RBAC reads it: the resource `*` includes every subresource. */
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
