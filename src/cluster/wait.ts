import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Api } from './api.ts';
import { isNotFound } from './apply.ts';

export interface WaitOptions<T> {
  readonly path: string;
  /** What is waited for, for messages, such as `pod "ir-x" to be ready`. */
  readonly what: string;
  /** Gets the object, or undefined while it does not exist. May throw to give up. */
  readonly until: (object: T | undefined) => boolean;
  readonly timeoutMs: number;
  /** First pause between two looks, in milliseconds, where there is no hurry; later ones grow. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
}

const firstPauseMs = 50;
const longestPauseMs = 500;
/** A pod that takes a second to start is noticed a tenth of a second later at most. */
const growth = 1.1;

/**
 * Polls an object until `until` returns true for it, and returns that object. Polling needs only the right `get`, and no stream
 * that could stall. Throws OperationError when the time is over.
 */
export async function waitFor<T>(api: Api, io: Io, options: WaitOptions<T>): Promise<T | undefined> {
  const { path, until, timeoutMs, pauseMs = firstPauseMs, signal, what } = options;
  const end = io.monotonic() + timeoutMs;
  for (let pause = pauseMs; ; pause = Math.min(pause * growth, longestPauseMs)) {
    const object = await getIfAny<T>(api, path, signal);
    if (until(object)) return object;
    const left = end - io.monotonic();
    if (left <= 0) {
      throw new OperationError(`timed out after ${Math.round(timeoutMs / 1000)} s waiting for ${what}`);
    }
    await io.sleep(Math.min(pause, left), signal);
  }
}

async function getIfAny<T>(api: Api, path: string, signal?: AbortSignal): Promise<T | undefined> {
  try {
    return await api.json<T>({ path, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
