import { Writable } from 'node:stream';
import type { Io } from '../output/io.ts';
import type { Api } from './api.ts';
import { connect } from './connect.ts';
import type { GlobalConnection } from './connection.ts';
import { listAll } from './list.ts';
import { resourcePath } from './path.ts';
import { isObjectName } from './target.ts';

/** Objects whose names are wanted, those only that begin with `prefix`. Pods are those of the namespace of the connection. */
export interface WantedNames {
  readonly resource: 'pods' | 'nodes' | 'namespaces';
  readonly prefix: string;
}

/** Nobody waits longer than this after pressing Tab. */
const patienceMs = 2000;
/** Names of each kind; more are of no use on a screen. */
const most = 500;

/**
 * Asks for objects without spec and status, as client-go's metadata client does (metadata/metadata.go); a server that can't leave
 * these out sends whole objects.
 */
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

interface Named {
  readonly metadata?: { readonly name?: unknown };
}

/**
 * Names for completion, for each of `wanted`: those that arrived within two seconds, and none where they could not be had, for
 * whatever reason. Asks and prints nothing on the terminal. What is not a valid Kubernetes name is left out.
 */
export async function objectNames(
  io: Io,
  global: GlobalConnection,
  wanted: readonly WantedNames[],
  { signal, withinMs = patienceMs }: { readonly signal: AbortSignal; readonly withinMs?: number },
): Promise<string[][]> {
  const names = wanted.map((): string[] => []);
  if (wanted.length === 0) return names;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const read = async (): Promise<void> => {
    const api = await connect(silent(io), global);
    try {
      await Promise.allSettled(wanted.map((one, i) => readNames(api, one, names[i] ?? [], limit)));
    } finally {
      await api.close();
    }
  };
  // Do not wait for `read` itself: a program that fetches credentials may ignore the signal.
  await Promise.race([read().catch(() => undefined), aborted(limit)]);
  return names.map((some) => [...some]);
}

async function readNames(
  api: Api,
  { resource, prefix }: WantedNames,
  names: string[],
  signal: AbortSignal,
): Promise<void> {
  const path = resourcePath({
    version: 'v1',
    resource,
    ...(resource === 'pods' ? { namespace: api.namespace } : {}),
  });
  for await (const { metadata } of listAll<Named>(api, { path, accept: metadataOnly, signal })) {
    const name = metadata?.name;
    if (typeof name === 'string' && name.startsWith(prefix) && isObjectName(name)) names.push(name);
    if (names.length >= most) return;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function silent(io: Io): Io {
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  return { ...io, interactive: false, stderrTerminal: false, stderr };
}
