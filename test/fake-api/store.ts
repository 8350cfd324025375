import type { KubeObject } from '../../src/cluster/objects.ts';
import { resourceOfKind, splitApiVersion } from '../../src/cluster/path.ts';
import type { Address } from './address.ts';

/** Objects in memory, with uid, resourceVersion and creationTimestamp as the server gives them. */
export class Store {
  readonly #objects = new Map<string, KubeObject>();
  #version = 1000;

  /** Keeps an object and returns it as it is kept; the namespace it lies in comes into being. */
  put(object: KubeObject): KubeObject {
    const { namespace } = object.metadata;
    if (namespace !== undefined && !this.hasNamespace(namespace)) {
      this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    }
    const kept = this.completed(object);
    this.#objects.set(keyOf(kept), kept);
    return kept;
  }

  /** The object with what the server fills in, without keeping it. */
  completed(object: KubeObject): KubeObject {
    const before = this.#objects.get(keyOf(object));
    this.#version += 1;
    return {
      ...object,
      metadata: {
        creationTimestamp: '2026-11-22T04:00:00Z',
        uid: before?.metadata.uid ?? `00000000-0000-4000-8000-${String(this.#version).padStart(12, '0')}`,
        ...object.metadata,
        resourceVersion: String(this.#version),
      } as KubeObject['metadata'],
    };
  }

  get(address: Address): KubeObject | undefined {
    return this.#objects.get(key(address, address.namespace, address.name ?? ''));
  }

  /** Objects of a resource in name order, of one namespace or of all. */
  list(address: Pick<Address, 'group' | 'resource' | 'namespace'>): KubeObject[] {
    const prefix = `${address.group}/${address.resource}/`;
    return [...this.#objects]
      .filter(([name]) => name.startsWith(prefix))
      .map(([, object]) => object)
      .filter(({ metadata }) => address.namespace === undefined || metadata.namespace === address.namespace)
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  remove(object: KubeObject): void {
    this.#objects.delete(keyOf(object));
  }

  hasNamespace(name: string): boolean {
    return this.#objects.has(key({ group: '', resource: 'namespaces' }, undefined, name));
  }

  get version(): string {
    return String(this.#version);
  }
}

function keyOf(object: KubeObject): string {
  const { group } = splitApiVersion(object.apiVersion);
  const { namespace, name } = object.metadata;
  return key({ group, resource: resourceOfKind(object.kind) }, namespace, name);
}

function key(type: Pick<Address, 'group' | 'resource'>, namespace: string | undefined, name: string): string {
  return `${type.group}/${type.resource}/${namespace ?? ''}/${name}`;
}
