import { ApiError } from '../output/errors.ts';
import type { Api } from './api.ts';
import type { KubeObject } from './objects.ts';
import { objectPath, resourceOfKind, resourcePath, splitApiVersion } from './path.ts';
import type { ObjectRef } from './path.ts';

/** Our name in managedFields. */
const fieldManager = 'kubectl-ir';

export interface ChangeOptions {
  /** The server validates and answers but keeps nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An object as it is sent: what the server fills in may be absent. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly generateName?: string; readonly namespace?: string };
}

/** One object; ApiError with reason NotFound when it does not exist. */
export function getObject<T>(api: Api, ref: ObjectRef, signal?: AbortSignal): Promise<T> {
  return api.json<T>({ path: objectPath(ref), ...whileDoing('get', ref), ...given({ signal }) });
}

/** One object, or undefined when it does not exist. */
export async function getObjectOrUndefined<T>(
  api: Api,
  ref: ObjectRef,
  signal?: AbortSignal,
): Promise<T | undefined> {
  try {
    return await getObject<T>(api, ref, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Creates an object in its own namespace or in `namespace`; cluster-wide without either. Returns what the server made of it. */
export function createObject<T extends NewObject>(
  api: Api,
  object: NewObject,
  options: ChangeOptions & { readonly namespace?: string | undefined } = {},
): Promise<T> {
  const resource = resourceOfKind(object.kind);
  const name = object.metadata.name ?? object.metadata.generateName ?? '';
  return api.json<T>({
    method: 'POST',
    path: resourcePath({
      ...splitApiVersion(object.apiVersion),
      resource,
      namespace: object.metadata.namespace ?? options.namespace,
    }),
    query: { fieldManager, ...dryRun(options) },
    body: object,
    doing: `create ${resource} "${name}"`,
    ...given({ signal: options.signal }),
  });
}

/**
 * Server-side apply (Kubernetes docs, "Server-Side Apply") as field manager `kubectl-ir`: the object is created, or only
 * its fields named here are set. With `force` fields of other managers are taken over, else they are a Conflict.
 */
export function applyObject<T extends NewObject>(
  api: Api,
  object: NewObject & { readonly metadata: { readonly name: string } },
  options: ChangeOptions & { readonly force?: boolean | undefined } = {},
): Promise<T> {
  const ref = refOf(object);
  return api.json<T>({
    method: 'PATCH',
    path: objectPath(ref),
    query: { fieldManager, force: options.force === true ? true : undefined, ...dryRun(options) },
    contentType: 'application/apply-patch+yaml',
    body: object,
    ...whileDoing('apply', ref),
    ...given({ signal: options.signal }),
  });
}

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

export interface PatchOptions extends ChangeOptions {
  /** JSON patch (RFC 6902), merge patch (RFC 7386), or Kubernetes' strategic merge patch. */
  readonly type: keyof typeof patchTypes;
  readonly subresource?: string | undefined;
}

/** Patches an object; returns it as it is afterwards. */
export function patchObject<T>(api: Api, ref: ObjectRef, patch: unknown, options: PatchOptions): Promise<T> {
  return api.json<T>({
    method: 'PATCH',
    path: objectPath(ref, options.subresource),
    query: { fieldManager, ...dryRun(options) },
    contentType: patchTypes[options.type],
    body: patch,
    ...whileDoing('patch', ref),
    ...given({ signal: options.signal }),
  });
}

export interface DeleteOptions extends ChangeOptions {
  readonly graceSeconds?: number | undefined;
  /** Deletes only the object with this uid, not a later one of the same name, which gives a Conflict. */
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** Deletes an object; true when the server accepted it (it may still be terminating), false when there is none. */
export async function deleteObject(api: Api, ref: ObjectRef, options: DeleteOptions = {}): Promise<boolean> {
  const { uid, resourceVersion, graceSeconds } = options;
  const preconditions = given({ uid, resourceVersion });
  try {
    await api.json<unknown>({
      method: 'DELETE',
      path: objectPath(ref),
      // With a body the server takes no option from the query (apiserver, endpoints/handlers/delete.go).
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
        propagationPolicy: 'Background',
        ...given({ gracePeriodSeconds: graceSeconds }),
        ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
      },
      ...whileDoing('delete', ref),
      ...given({ signal: options.signal }),
    });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Reference to an object that has a name. */
export function refOf(
  object: Pick<KubeObject, 'apiVersion' | 'kind'> & {
    readonly metadata: { readonly name: string; readonly namespace?: string };
  },
): ObjectRef {
  return {
    apiVersion: object.apiVersion,
    resource: resourceOfKind(object.kind),
    namespace: object.metadata.namespace,
    name: object.metadata.name,
  };
}

/** True when the server said that the object, not the kind or the server, does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404 && error.reason === 'NotFound';
}

function whileDoing(verb: string, ref: ObjectRef): { doing: string } {
  return { doing: `${verb} ${ref.resource} "${ref.name}"` };
}

function dryRun(options: ChangeOptions): { dryRun?: 'All' } {
  return options.dryRun === true ? { dryRun: 'All' } : {};
}

/** Only the fields that have a value: to the types, an absent field and an undefined one differ. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
