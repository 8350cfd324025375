import type { IncomingHttpHeaders } from 'node:http';
import type { KubeObject } from '../../src/cluster/objects.ts';
import type { Address } from './address.ts';
import { resourceName } from './address.ts';
import { failure, notFound } from './answer.ts';
import type { Answer } from './answer.ts';
import { jsonPatch, mergePatch } from './patch.ts';
import { matchesFields, matchesLabels } from './selector.ts';
import type { Store } from './store.ts';

/** One request as it came. */
export interface LoggedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Port of the client, which tells connections apart. */
  readonly remotePort: number | undefined;
  /** Common name of the client's certificate, with TLS. */
  readonly clientName: string | undefined;
  /** Parsed when it was JSON, else the text; undefined without a body. */
  readonly body: unknown;
}

/** Changes an object that was just created, such as giving a pod its status. */
export type CreateHook = (object: KubeObject) => KubeObject;

/** Answers the generic verbs of any resource: get, list, create, update, patch, apply, delete. */
export function answerObject(
  store: Store,
  address: Address,
  request: LoggedRequest,
  hook: CreateHook,
): Answer {
  switch (request.method) {
    case 'GET':
      return address.name === undefined ? list(store, address, request) : one(store, address);
    case 'POST':
      return create(store, address, request, hook);
    case 'PUT':
      return update(store, address, request);
    case 'PATCH':
      return patch(store, address, request, hook);
    case 'DELETE':
      return remove(store, address, request);
    default:
      return failure(405, 'MethodNotAllowed', 'the server does not allow this method');
  }
}

function one(store: Store, address: Address): Answer {
  const object = store.get(address);
  return object === undefined ? notFound(address) : { status: 200, body: object };
}

function list(store: Store, address: Address, { query }: LoggedRequest): Answer {
  const found = store
    .list(address)
    .filter((object) => matchesLabels(object, query.get('labelSelector')))
    .filter((object) => matchesFields(object, query.get('fieldSelector')));
  const start = Number(query.get('continue') ?? 0);
  const end = start + Number(query.get('limit') ?? Number.MAX_SAFE_INTEGER);
  const first = found[0];
  return {
    status: 200,
    body: {
      kind: `${first?.kind ?? 'Object'}List`,
      apiVersion: address.group === '' ? address.version : `${address.group}/${address.version}`,
      metadata: { resourceVersion: store.version, ...(end < found.length ? { continue: String(end) } : {}) },
      items: found.slice(start, end).map((object) => ({ ...object, kind: undefined, apiVersion: undefined })),
    },
  };
}

function create(store: Store, address: Address, request: LoggedRequest, hook: CreateHook): Answer {
  const sent = request.body as KubeObject & { metadata: { generateName?: string } };
  const { namespace } = address;
  if (namespace !== undefined && !store.hasNamespace(namespace)) {
    return failure(404, 'NotFound', `namespaces "${namespace}" not found`);
  }
  const name = (sent.metadata.name as string | undefined) ?? `${sent.metadata.generateName ?? ''}x7k2p`;
  if (store.get({ ...address, name }) !== undefined) {
    return failure(409, 'AlreadyExists', `${resourceName(address)} "${name}" already exists`);
  }
  const metadata = { ...sent.metadata, name, ...(namespace === undefined ? {} : { namespace }) };
  return kept(store, request, hook(store.completed({ ...sent, metadata })), 201);
}

function update(store: Store, address: Address, request: LoggedRequest): Answer {
  const before = store.get(address);
  const sent = request.body as KubeObject;
  if (before === undefined) return notFound(address);
  return (
    conflict(address, before, sent.metadata) ??
    kept(store, request, { ...sent, metadata: { ...before.metadata, ...sent.metadata } }, 200)
  );
}

/** The answer to a change of another version than there is. */
function conflict(
  address: Address,
  { metadata }: KubeObject,
  sent: Partial<KubeObject['metadata']> | undefined,
): Answer | undefined {
  const { resourceVersion } = sent ?? {};
  if (resourceVersion === undefined || resourceVersion === metadata.resourceVersion) return undefined;
  return failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resourceName(address)} "${metadata.name}": ` +
      'the object has been modified; please apply your changes to the latest version and try again',
  );
}

function patch(store: Store, address: Address, request: LoggedRequest, hook: CreateHook): Answer {
  const before = store.get(address);
  const type = request.headers['content-type'] ?? '';
  if (type === 'application/apply-patch+yaml') {
    if (before === undefined) return create(store, address, request, hook);
    return kept(store, request, mergePatch(before, request.body) as KubeObject, 200);
  }
  if (before === undefined) return notFound(address);
  const stale = conflict(address, before, (request.body as Partial<KubeObject>).metadata);
  if (stale !== undefined) return stale;
  try {
    const after =
      type === 'application/json-patch+json'
        ? jsonPatch(before, request.body as Parameters<typeof jsonPatch>[1])
        : mergePatch(before, request.body);
    return kept(store, request, after as KubeObject, 200);
  } catch (error) {
    return failure(422, 'Invalid', error instanceof Error ? error.message : 'invalid patch');
  }
}

function remove(store: Store, address: Address, request: LoggedRequest): Answer {
  const object = store.get(address);
  if (object === undefined) return notFound(address);
  const { preconditions, dryRun } = (request.body ?? {}) as {
    preconditions?: { uid?: string; resourceVersion?: string };
    dryRun?: string[];
  };
  for (const field of ['uid', 'resourceVersion'] as const) {
    const wanted = preconditions?.[field];
    if (wanted !== undefined && wanted !== object.metadata[field]) {
      return failure(409, 'Conflict', `the ${field} in the precondition (${wanted}) does not match`);
    }
  }
  // As the server does: with a body, the query is not looked at.
  const dry = request.body === undefined ? request.query.get('dryRun') !== null : dryRun?.includes('All');
  if (dry !== true) store.remove(object);
  return { status: 200, body: object };
}

/** Keeps the object unless the request is a dry run. */
function kept(store: Store, request: LoggedRequest, object: KubeObject, status: number): Answer {
  const dryRun = request.query.get('dryRun') !== null;
  return { status, body: dryRun ? store.completed(object) : store.put(object) };
}
