import { type Right, rightText } from './access.ts';
import type { Api } from './api.ts';
import { certainRights, reviewsFor } from './rules-review.ts';

/**
 * Those of `rights` that we lack. The server's rules tell some rights that we certainly have; for each of the others there is one
 * SelfSubjectAccessReview, all at the same time, because only its answer is a reliable no.
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

/** Equal for equal rights, in whatever order their fields were written. */
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
