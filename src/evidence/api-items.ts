import type { Api, Query } from '../cluster/api.ts';
import { listRaw } from '../cluster/list.ts';
import { ApiError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Acquisition } from './acquisition.ts';
import type { KubeletWait } from './kubelet-wait.ts';
import { TimeLimit } from './time-limit.ts';

/** Something the API server is asked for; `name` is the item's, without `live_response/` and ending. */
export interface ApiItem {
  readonly name: string;
  readonly path: string;
  readonly query?: Query;
  /** As in `cannot DOING: …`. */
  readonly doing: string;
  /** Of what a kubelet answers through the API server. */
  readonly kubelet?: KubeletWait;
}

const artifact = 'kubernetes';
/**
 * The API server gives up the call of a kubelet after 30 s (the dialer of Go's http.DefaultTransport, see Kubernetes
 * pkg/kubelet/client), and then says why.
 */
const limitMs = 35_000;

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
 * takes longer than 35 s is a gap, and so is one of a kubelet that was waited for in vain too long. Tells whether it came.
 */
export async function keepAnswer(
  api: Api,
  io: Io,
  acquisition: Acquisition,
  { name, path, query, doing, kubelet }: ApiItem,
  outer: AbortSignal,
): Promise<boolean> {
  if (kubelet?.over !== undefined) {
    await acquisition.gap(artifact, name, 'skipped', kubelet.over);
    return false;
  }
  const limit = new TimeLimit(io, limitMs, outer);
  const { signal } = limit;
  const why = (error: unknown): string =>
    limit.reason ?? String(error instanceof Error ? error.message : error);
  const ask = (): ReturnType<Api['request']> =>
    api.request({ path, doing, signal, ...(query === undefined ? {} : { query }) });
  try {
    const { body } = await (kubelet === undefined ? ask() : kubelet.ask(ask, why));
    await acquisition.addFile(name, body, { artifact, source: path, sensitive: true });
    return true;
  } catch (error) {
    limit.throwIfInterrupted();
    if (limit.reason === undefined && !(error instanceof ApiError)) throw error;
    const outcome = error instanceof ApiError ? outcomeOf(error) : 'timeout';
    await acquisition.gap(artifact, name, outcome, why(error));
    return false;
  } finally {
    limit.clear();
  }
}

function outcomeOf({ status }: ApiError): 'denied' | 'vanished' | 'truncated' {
  if (status === 401 || status === 403) return 'denied';
  return status === 404 ? 'vanished' : 'truncated';
}
