import type { Api, Query } from '../cluster/api.ts';
import { listRaw } from '../cluster/list.ts';
import { ApiError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Acquisition } from './acquisition.ts';
import { TimeLimit } from './time-limit.ts';

/** Something the API server is asked for; `name` is the item's, without `live_response/` and ending. */
export interface ApiItem {
  readonly name: string;
  readonly path: string;
  readonly query?: Query;
  /** As in `cannot DOING: …`. */
  readonly doing: string;
}

const artifact = 'kubernetes';

/** Keeps a list byte for byte, a page an item; one that is refused or breaks off is a gap. */
export async function keepList(
  api: Api,
  acquisition: Acquisition,
  { name, path, query, doing }: ApiItem,
  signal: AbortSignal,
): Promise<void> {
  const file = `live_response/${name}`;
  const selector = query?.['fieldSelector'];
  const source = typeof selector === 'string' ? `${path}?fieldSelector=${selector}` : path;
  try {
    const pages = listRaw(api, { path, doing, signal, ...(query === undefined ? {} : { query }) });
    for await (const { bytes, page } of pages)
      await acquisition.addFile(page === 1 ? `${file}.json` : `${file}-${page}.json`, bytes, {
        artifact,
        source,
        sensitive: true,
      });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await acquisition.gap(artifact, `${file}.json`, outcomeOf(error), error.message);
  }
}

/**
 * Keeps one answer byte for byte while it comes, under its name as it is given; one that is refused, breaks off or
 * takes longer than half a minute is a gap. Tells whether it came.
 */
export async function keepAnswer(
  api: Api,
  io: Io,
  acquisition: Acquisition,
  { name, path, query, doing }: ApiItem,
  outer: AbortSignal,
): Promise<boolean> {
  const limit = new TimeLimit(io, 30_000, outer);
  const { signal } = limit;
  try {
    const { body } = await api.request({ path, doing, signal, ...(query === undefined ? {} : { query }) });
    await acquisition.addFile(name, body, { artifact, source: path, sensitive: true });
    return true;
  } catch (error) {
    limit.throwIfInterrupted();
    const { reason } = limit;
    if (reason === undefined && !(error instanceof ApiError)) throw error;
    const outcome = error instanceof ApiError ? outcomeOf(error) : 'timeout';
    await acquisition.gap(
      artifact,
      name,
      outcome,
      reason ?? String(error instanceof Error ? error.message : error),
    );
    return false;
  } finally {
    limit.clear();
  }
}

function outcomeOf({ status }: ApiError): 'denied' | 'vanished' | 'truncated' {
  if (status === 401 || status === 403) return 'denied';
  return status === 404 ? 'vanished' : 'truncated';
}
