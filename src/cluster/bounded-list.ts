import type { Api } from './api.ts';
import { listAll, type ListRequest } from './list.ts';

/** The beginning of a list. */
export interface BoundedList<T> {
  readonly items: readonly T[];
  /** True when there are more, which were not read. */
  readonly more: boolean;
}

/** The objects of a list that `keep` accepts, at most `most`. Read page by page, and no further than needed. */
export async function listAtMost<T extends object>(
  api: Api,
  request: ListRequest,
  most: number,
  keep: (object: T) => boolean = () => true,
): Promise<BoundedList<T>> {
  const items: T[] = [];
  for await (const object of listAll<T>(api, request)) {
    if (!keep(object)) continue;
    if (items.length === most) return { items, more: true };
    items.push(object);
  }
  return { items, more: false };
}
