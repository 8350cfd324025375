import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Api } from '../cluster/api.ts';
import { OperationError, PartialError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Collector } from './collector.ts';
import { callsIn, warn } from './lifecycle.ts';
import { ensureNamespace } from './namespace.ts';
import { probePod } from './probe-pod.ts';
import { removePod } from './removal.ts';
import { runPod, type StartedPod } from './start.ts';

/** A probe pod that runs. */
export interface ProbePod {
  readonly pod: string;
  readonly node: string;
  readonly addresses: readonly string[];
  readonly call: Collector['call'];
}

/** The probe pods that could be started, and why another could not, a sentence each. */
export interface ProbePods {
  readonly near?: ProbePod;
  readonly far?: ProbePod;
  readonly gaps: readonly string[];
  /** Begins to remove them, when no more is to be tried; whoever lent them waits for it. */
  readonly done?: () => void;
}

/** Gives the probe pods that run when all do, or when `limit` is over: one that does not by then is a gap. Rejects with `limit`. */
export type StartingPods = (limit?: Promise<unknown>) => Promise<ProbePods>;

export interface ProbePodsOptions {
  readonly namespace: string;
  readonly image: string;
  readonly pullSecret?: string | undefined;
  /** The pod that is to be reached, and its node. */
  readonly subject: { readonly uid: string; readonly node: string };
  readonly caseName?: string | undefined;
  readonly signal: AbortSignal;
}

const places = ['near', 'far'] as const;
/** Time for the removal, whatever ended the work. */
const removalMs = 30_000;

/** A probe pod that was started, or why it could not be. */
type Start = { readonly started: StartedPod } | { readonly gap: string };

const late: Start = { gap: 'it was not ready in time' };

/**
 * Starts two probe pods and lends them to `use` without waiting for them; removes them whatever happens. One that can't
 * be started is a gap. When the removal is all that failed, a PartialError says what is left.
 */
export async function withProbePods<T>(
  api: Api,
  io: Io,
  options: ProbePodsOptions,
  use: (pods: StartingPods) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const starting = places.map((place) => start(api, io, { ...options, signal }, place));
  const starts = Promise.all(starting);
  let removing: Promise<void> | undefined;
  const removal = (): Promise<void> => {
    over.abort();
    return (removing ??= starts.then((all) => removeAll(api, io, all)));
  };
  // A failure is told at the end, by whoever waits for it.
  const done = (): void => void removal().catch(() => undefined);
  const pods: StartingPods = async (limit) => {
    const over = limit?.then(() => late);
    const all = over === undefined ? starting : starting.map((one) => Promise.race([one, over]));
    return { ...podsOf(api, io, await Promise.all(all)), done };
  };
  let result: T;
  try {
    result = await use(pods);
  } catch (error) {
    await removal().catch((cause: unknown) => warn(io, cause));
    throw error;
  }
  await removal().catch((cause: unknown) => {
    if (!(cause instanceof OperationError)) throw cause;
    throw new PartialError(cause.message, {
      cause,
      ...(cause.advice === undefined ? {} : { advice: cause.advice }),
    });
  });
  return result;
}

async function start(
  api: Api,
  io: Io,
  options: ProbePodsOptions,
  place: (typeof places)[number],
): Promise<Start> {
  const { namespace, subject, signal } = options;
  try {
    await ensureNamespace(api, namespace, signal);
    const name = `ir-probe-${subject.uid}-${randomBytes(2).toString('hex')}`;
    const sent = probePod({ ...options, name, place, subjectUid: subject.uid, node: subject.node });
    const what = `the probe pod ${place === 'near' ? `on node ${subject.node}` : 'on another node'} to run`;
    return { started: await runPod(api, io, sent, { namespace, role: 'probe', what, signal }) };
  } catch (error) {
    if (signal.aborted) return late;
    if (error instanceof OperationError) return { gap: error.message };
    throw error;
  }
}

function podsOf(api: Api, io: Io, starts: readonly Start[]): ProbePods {
  const [near, far] = starts.map((one) => ('started' in one ? lend(api, io, one.started) : undefined));
  const gaps = starts.flatMap((one, index) =>
    'gap' in one
      ? [`no try from ${places[index] === 'near' ? 'its own node' : 'another node'}: ${one.gap}`]
      : [],
  );
  return { ...(near === undefined ? {} : { near }), ...(far === undefined ? {} : { far }), gaps };
}

function lend(api: Api, io: Io, { pod }: StartedPod): ProbePod {
  const { status, spec, metadata } = pod;
  const all = [status?.podIP, ...(status?.podIPs ?? []).map((one) => one.ip)];
  const addresses = [...new Set(all)].filter((one): one is string => one !== undefined && isIP(one) !== 0);
  return { pod: metadata?.name ?? '', node: spec?.nodeName ?? '', addresses, call: callsIn(api, io, pod) };
}

async function removeAll(api: Api, io: Io, starts: readonly Start[]): Promise<void> {
  const signal = AbortSignal.timeout(removalMs);
  const started = starts.flatMap((one) => ('started' in one ? [one.started] : []));
  await Promise.all(
    started.map(({ pod: { metadata }, uid }) => {
      const { namespace = '', name = '' } = metadata ?? {};
      return removePod(api, io, { namespace, name, uid, role: 'probe' }, signal);
    }),
  );
}
