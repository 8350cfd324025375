import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Api } from '../cluster/api.ts';
import { getObject } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { within } from '../output/within.ts';
import type { Collector } from './collector.ts';
import { callsIn } from './lifecycle.ts';
import { ensureNamespace } from './namespace.ts';
import { probePod } from './probe-pod.ts';
import { removalMs, removedAfter, removePod } from './removal.ts';
import { runPod, type StartedPod } from './run-pod.ts';

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
  /** Begins to remove them once nothing more is to be tried; `withProbePods` waits for the end of that. */
  readonly done?: () => void;
}

/** Resolves when both probe pods run, or when `limit` does: one that does not run by then is a gap. Rejects when `limit` rejects. */
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

/** A probe pod that was started, or why it could not be. */
type Start =
  | { readonly found: Pick<ProbePod, 'node' | 'addresses'>; readonly started: StartedPod }
  | { readonly gap: string };

const late: Start = { gap: 'it was not ready in time' };

/**
 * Starts two probe pods, lends them to `use` without waiting until they run, and removes them whatever happens. One that
 * can't be started is a gap. When only the removal failed, a PartialError says what is left.
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
  // Only begun here; `removedAfter` waits for it and reports its failure.
  const done = (): void => void removal().catch(() => undefined);
  const pods: StartingPods = async (limit) => {
    const over = limit?.then(() => late);
    const all = over === undefined ? starting : starting.map((one) => Promise.race([one, over]));
    return { ...podsOf(api, io, await Promise.all(all)), done };
  };
  return removedAfter(io, () => use(pods), removal);
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
    let found: Pick<ProbePod, 'node' | 'addresses'> | undefined;
    const answers = async (pod: Pod, limit: AbortSignal): Promise<void> => {
      found = await ask(api, io, pod, limit);
    };
    const started = await runPod(api, io, sent, { namespace, role: 'probe', what, answers, signal });
    const told = toldOf(started.pod);
    return { started, found: told.addresses.length > 0 ? told : (found ?? told) };
  } catch (error) {
    if (signal.aborted) return late;
    if (error instanceof OperationError) return { gap: error.message };
    throw error;
  }
}

/** Asks a probe pod for its addresses, and the API for its node. Throws OperationError as long as it does not answer. */
async function ask(
  api: Api,
  io: Io,
  pod: Pod,
  signal: AbortSignal,
): Promise<Pick<ProbePod, 'node' | 'addresses'>> {
  const answer = await callsIn(api, io, pod)('addresses', [], { signal });
  const addresses = addressesIn(answer.stdout.toString('latin1'));
  if (answer.exitCode !== 0 || addresses.length === 0) throw new OperationError('it has no address');
  const { namespace, name = '' } = pod.metadata ?? {};
  const live = await getObject<Pod>(api, { apiVersion: 'v1', resource: 'pods', namespace, name }, signal);
  const node = live.spec?.nodeName ?? '';
  if (node === '') throw new OperationError('it is on no node');
  return { node, addresses };
}

/** Of `ip -o addr show`, those that others reach the pod at: `2: eth0    inet 10.0.0.1/24 scope global eth0`. */
export function addressesIn(text: string): string[] {
  const found = [...text.matchAll(/^\d+: \S+ +inet6? ([0-9a-fA-F.:]+)\/\d+ .*\bscope global\b/gm)];
  return [...new Set(found.map(([, address = '']) => address))].filter((address) => isIP(address) !== 0);
}

function toldOf({ status, spec }: Pod): Pick<ProbePod, 'node' | 'addresses'> {
  const all = [status?.podIP, ...(status?.podIPs ?? []).map((one) => one.ip)];
  const addresses = [...new Set(all)].filter((one): one is string => one !== undefined && isIP(one) !== 0);
  return { node: spec?.nodeName ?? '', addresses };
}

function podsOf(api: Api, io: Io, starts: readonly Start[]): ProbePods {
  const [near, far] = starts.map((one) =>
    'started' in one ? { ...one.found, ...lend(api, io, one.started) } : undefined,
  );
  const gaps = starts.flatMap((one, index) =>
    'gap' in one
      ? [`no try from ${places[index] === 'near' ? 'its own node' : 'another node'}: ${one.gap}`]
      : [],
  );
  return { ...(near === undefined ? {} : { near }), ...(far === undefined ? {} : { far }), gaps };
}

function lend(api: Api, io: Io, { pod }: StartedPod): Pick<ProbePod, 'pod' | 'call'> {
  return { pod: pod.metadata?.name ?? '', call: callsIn(api, io, pod) };
}

async function removeAll(api: Api, io: Io, starts: readonly Start[]): Promise<void> {
  const signal = within(removalMs);
  const started = starts.flatMap((one) => ('started' in one ? [one.started] : []));
  await Promise.all(
    started.map(({ pod: { metadata }, uid }) => {
      const { namespace = '', name = '' } = metadata ?? {};
      return removePod(api, io, { namespace, name, uid, role: 'probe' }, signal);
    }),
  );
}
