import { ApiError } from '../output/errors.ts';
import { isObject } from '../output/is-object.ts';
import type { Api, Query } from './api.ts';
import { readAll } from './body.ts';

export interface ListRequest {
  readonly path: string;
  /** Selectors; `limit` and `continue` are set here. */
  readonly query?: Query;
  readonly accept?: string;
  readonly doing?: string;
  readonly signal?: AbortSignal;
}

/** One page of a list as the server sent it. */
export interface RawPage {
  readonly bytes: Buffer;
  /** From 1. */
  readonly page: number;
}

/** As kubectl's --chunk-size. */
const pageSize = 500;
const pageLimit = 256 * 1024 * 1024;

interface List<T> {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly T[] | null;
}

/**
 * Objects of a list, page by page (Kubernetes API concepts, "retrieving large results sets in chunks").
 * Items get the `apiVersion` and `kind` that the server leaves out of lists. Where reading takes longer than the server keeps the state of
 * the first page, some five minutes, the rest comes as it is by then: what was made or deleted meanwhile may be in it or not.
 */
export async function* listAll<T extends object>(api: Api, request: ListRequest): AsyncGenerator<T> {
  for await (const { list } of pages<T>(api, request)) {
    const kind = list.kind?.replace(/List$/, '');
    for (const item of list.items ?? []) {
      yield kind === undefined || list.apiVersion === undefined
        ? item
        : { apiVersion: list.apiVersion, kind, ...item };
    }
  }
}

/** The same pages byte for byte as the server sent them, for evidence. */
export async function* listRaw(api: Api, request: ListRequest): AsyncGenerator<RawPage> {
  let page = 0;
  for await (const { bytes } of pages(api, request)) {
    page += 1;
    yield { bytes, page };
  }
}

async function* pages<T>(api: Api, request: ListRequest): AsyncGenerator<{ list: List<T>; bytes: Buffer }> {
  let token: string | undefined;
  do {
    const bytes = await readPage(api, request, token);
    const list = parseList<T>(bytes, request.path);
    token = list.metadata?.continue;
    yield { list, bytes };
  } while (token !== undefined && token !== '');
}

/** One page; behind a token that the server no longer knows, that with which it lets the list go on. */
async function readPage(api: Api, request: ListRequest, token: string | undefined): Promise<Buffer> {
  const read = async (from: string | undefined): Promise<Buffer> => {
    const { body } = await api.request({
      path: request.path,
      query: { ...request.query, limit: pageSize, continue: from },
      ...(request.accept === undefined ? {} : { accept: request.accept }),
      ...(request.doing === undefined ? {} : { doing: request.doing }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    return readAll(body, pageLimit);
  };
  try {
    return await read(token);
  } catch (error) {
    const next = error instanceof ApiError ? error.continueToken : undefined;
    if (token === undefined || next === undefined || next === '') throw error;
    return read(next);
  }
}

function parseList<T>(bytes: Buffer, path: string): List<T> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ApiError(`the answer to GET ${path} is not JSON`, { status: 0, cause });
  }
  if (!isObject(value) || !Array.isArray(value['items'] ?? [])) {
    throw new ApiError(`the answer to GET ${path} is not a list`, { status: 0 });
  }
  return value;
}
