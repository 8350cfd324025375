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
 * Reads objects within bounds of number and time. What may not be read, or not in time, is a gap and never taken as absent;
 * a kind that the server does not know has no objects. Throws ApiError when the server can't be reached.
 */
export class Reader {
  /** What was not looked at, and why. */
  readonly gaps: string[] = [];
  readonly #api: Api;
  readonly #signal: AbortSignal;
  readonly #bounds: Required<ReadBounds>;

  constructor(api: Api, signal: AbortSignal, bounds: ReadBounds = {}) {
    this.#api = api;
    this.#signal = signal;
    this.#bounds = { ...defaults, ...bounds };
  }

  /** Objects of a kind, in one namespace or in all. */
  async list<T extends object>(
    kind: Kind,
    namespace: string | undefined,
    query: ListRequest['query'] = {},
  ): Promise<readonly T[]> {
    const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
    const objects: T[] = [];
    await this.#within(`${kind.resource} ${where}`, 'list them', async (signal) => {
      const path = resourcePath({ ...kind, namespace });
      for await (const object of listAll<T>(this.#api, { path, query, signal })) {
        if (objects.length === this.#bounds.atMost) {
          this.gaps.push(`${kind.resource} ${where}: only ${objects.length} of them`);
          return;
        }
        objects.push(object);
      }
    });
    return objects;
  }

  /** One object; undefined when it is not there or can't be read. */
  get<T>(ref: ObjectRef, what: string): Promise<T | undefined> {
    return this.#within(what, 'read it', (signal) => getObjectOrUndefined<T>(this.#api, ref, signal));
  }

  /** What any other reading gives; undefined, and a gap, when it fails. */
  read<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    return this.#within(what, 'read it', work);
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
