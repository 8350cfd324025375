import type { Api } from '../cluster/api.ts';
import { getObjectOrUndefined } from '../cluster/apply.ts';
import { type ListRequest, listAll } from '../cluster/list.ts';
import { type ObjectRef, resourcePath } from '../cluster/path.ts';
import { ApiError } from '../output/errors.ts';

/** A kind of objects: `version` alone for the core group. */
export interface Kind {
  readonly group?: string;
  readonly version: string;
  readonly resource: string;
}

export interface ReadBounds {
  /** Objects of one list that are looked at, at most. */
  readonly atMost?: number;
  /** Time for each request, in milliseconds. */
  readonly limitMs?: number;
}

/** A look must not hold up a containment. */
const defaults = { atMost: 5_000, limitMs: 5_000 };

/**
 * Reads objects within bounds of number and time, each list and object once. What may not be read, or not in time, is a gap and
 * never taken as absent; a kind that the server does not know has no objects. Throws ApiError when the server can't be reached.
 */
export class Reader {
  /** What was not looked at, and why. */
  readonly gaps: string[] = [];
  readonly #api: Api;
  readonly #signal: AbortSignal;
  readonly #bounds: Required<ReadBounds>;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(api: Api, signal: AbortSignal, bounds: ReadBounds = {}) {
    this.#api = api;
    this.#signal = signal;
    this.#bounds = { ...defaults, ...bounds };
  }

  /** Objects of a kind, in one namespace or in all. */
  list<T extends object>(
    kind: Kind,
    namespace: string | undefined,
    query: NonNullable<ListRequest['query']> = {},
  ): Promise<readonly T[]> {
    const path = resourcePath({ ...kind, namespace });
    return this.#once(`list ${path} ${JSON.stringify(query)}`, () =>
      this.#list<T>(kind, namespace, path, query),
    );
  }

  async #list<T extends object>(
    { resource }: Kind,
    namespace: string | undefined,
    path: string,
    query: NonNullable<ListRequest['query']>,
  ): Promise<readonly T[]> {
    const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
    const objects: T[] = [];
    await this.#within(`${resource} ${where}`, 'list them', async (signal) => {
      for await (const object of listAll<T>(this.#api, { path, query, signal })) {
        if (objects.length === this.#bounds.atMost) {
          this.gaps.push(`${resource} ${where}: only ${objects.length} of them`);
          return;
        }
        objects.push(object);
      }
    });
    return objects;
  }

  /** One object; undefined when it is not there or can't be read. */
  get<T>(ref: ObjectRef, what: string): Promise<T | undefined> {
    const { apiVersion, resource, namespace = '', name } = ref;
    return this.#once(`get ${apiVersion} ${resource} ${namespace} ${name}`, () =>
      this.#within(what, 'read it', (signal) => getObjectOrUndefined<T>(this.#api, ref, signal)),
    );
  }

  /** What any other reading gives, by what it is of; undefined, and a gap, when it fails. */
  read<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    return this.#once(`read ${what}`, () => this.#within(what, 'read it', work));
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const reading = read();
    this.#known.set(key, reading);
    return reading;
  }

  async #within<T>(
    what: string,
    verb: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const { limitMs } = this.#bounds;
    const timeout = AbortSignal.timeout(limitMs);
    try {
      return await work(AbortSignal.any([this.#signal, timeout]));
    } catch (error) {
      this.#signal.throwIfAborted();
      if (timeout.aborted) {
        this.gaps.push(`${what}: no answer within ${limitMs / 1000} s`);
        return undefined;
      }
      if (!(error instanceof ApiError) || error.status === 0) throw error;
      if (error.status === 404) return undefined;
      this.gaps.push(`${what}: ${error.status === 403 ? `you may not ${verb}` : error.message}`);
      return undefined;
    }
  }
}
