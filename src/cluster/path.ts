import { ApiError } from '../output/errors.ts';

/** What a path of the API names; `group` is empty or absent for the core group. */
export interface ResourceAddress {
  readonly group?: string;
  readonly version: string;
  readonly namespace?: string | undefined;
  /** Plural, lower case, such as `networkpolicies`. */
  readonly resource: string;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** One object by its API version (`v1`, `apps/v1`), plural resource, namespace when it has one, and name. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/**
 * Path of a resource below the server's URL. Each segment is percent-encoded, so that a hostile name can never reach another
 * resource. No encoding does that for `.` and `..`, which no object can be called (apimachinery, IsValidPathSegmentName), but an
 * owner reference may say: for them it throws ApiError with reason NotFound. Throws Error for an empty segment.
 */
export function resourcePath(address: ResourceAddress): string {
  const { group, version, namespace, resource, name, subresource } = address;
  const segments = [
    ...(group === undefined || group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : subresource.split('/')),
  ];
  return `/${segments.map(encodeSegment).join('/')}`;
}

/** Path of one object, or of its subresource such as `exec` or `status`. */
export function objectPath(ref: ObjectRef, subresource?: string): string {
  return resourcePath({
    ...splitApiVersion(ref.apiVersion),
    resource: ref.resource,
    namespace: ref.namespace,
    name: ref.name,
    subresource,
  });
}

/** `apps/v1` as group and version; `v1` has the empty group. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/**
 * Plural resource of a kind by the rule that Kubernetes itself uses where it has no discovery
 * (apimachinery, meta.UnsafeGuessKindToResource): lower case; `endpoints` stays; `-s` to `-ses`; `-y` to `-ies`; else `+s`.
 */
export function resourceOfKind(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith('endpoints')) return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

function encodeSegment(segment: string): string {
  if (segment === '') throw new Error('a path of the API cannot have an empty segment');
  if (segment === '.' || segment === '..') {
    throw new ApiError(`nothing in a cluster can be called "${segment}"`, {
      status: 404,
      reason: 'NotFound',
    });
  }
  return encodeURIComponent(segment);
}
