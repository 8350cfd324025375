import { type Right, rightText } from './access.ts';
import type { Api } from './api.ts';
import { certainRights, reviewsFor } from './rules-review.ts';

/**
 * Those of `rights` that we do not have. What the rules of the server give for certain is not asked again; the rest is, with a
 * SelfSubjectAccessReview each, all at once and each right once: only that says no.
 */
export async function missingRights(
  api: Api,
  rights: readonly Right[],
  signal?: AbortSignal,
): Promise<Right[]> {
  const certain = reviewsFor(rights) < rights.length ? await certainRights(api, rights, signal) : [];
  const asked = new Map(rights.map((right) => [keyOf(right), right]));
  for (const right of certain) asked.delete(keyOf(right));
  const allowed = await Promise.all(
    [...asked].map(async ([key, right]) => [key, await isAllowed(api, right, signal)] as const),
  );
  const lacking = new Set(allowed.filter(([, may]) => !may).map(([key]) => key));
  return rights.filter((right) => lacking.has(keyOf(right)));
}

/** The same for the same right, in whatever order its parts were named. */
function keyOf({ verb, group = '', resource, subresource, namespace, name }: Right): string {
  return JSON.stringify([verb, group, resource, subresource, namespace, name]);
}

async function isAllowed(api: Api, right: Right, signal?: AbortSignal): Promise<boolean> {
  const review = await api.json<{ status?: { allowed?: boolean } }>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { ...right, group: right.group ?? '' } },
    },
    doing: `review access to ${rightText(right)}`,
    ...(signal === undefined ? {} : { signal }),
  });
  return review.status?.allowed === true;
}
