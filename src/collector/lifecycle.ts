import type { ItemSink } from '../artifacts/item.ts';
import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import { execStream } from '../cluster/exec.ts';
import { OperationError, PartialError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import type { Io } from '../output/io.ts';
import { within } from '../output/within.ts';
import type { CallResult, Collector, CollectorIdentity, StreamSummary } from './collector.ts';
import { containerName, isRecursivelyReadOnly } from './pod.ts';
import { removePod } from './removal.ts';
import { callScript, collectFrames } from './running.ts';
import type { Exec } from './running.ts';
import { type StartedCollector, startPod, type StartOptions } from './start.ts';

export type CollectorOptions = StartOptions;

const callLimit = 1 << 20;
/** Time for the removal, whatever ended the work. */
const removalMs = 30_000;
/** So long after a collector answered its node is waited for to tell of it. */
const toldMs = 5_000;

/**
 * Starts a collector on a node, lends it to `use` and removes it, also after a failure or an abort, for which it takes
 * its own time; `meanwhile` gets the result while it goes away. When the removal is all that failed, the work is done and a
 * PartialError says what is left.
 */
export async function withCollector<T>(
  api: Api,
  io: Io,
  options: CollectorOptions,
  use: (collector: Collector) => Promise<T>,
  meanwhile: (result: T) => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  let checked: CallResult | undefined;
  const answers = async (pod: Pod, signal: AbortSignal): Promise<void> => {
    checked = await checkSelf(execIn(api, io, pod), signal);
  };
  const started = await startPod(api, io, { ...options, answers });
  const stop = stopOnce(api, io, started);
  let result: T;
  try {
    checked ??= await checkSelf(execIn(api, io, started.pod), options.signal);
    result = await use(ready(api, io, started, options, checked, stop));
    // Whether it went well is asked below.
    stop().catch(() => undefined);
    await meanwhile(result);
  } catch (error) {
    await stop().catch((cause: unknown) => warn(io, cause));
    throw error;
  }
  await stop().catch((cause: unknown) => {
    if (!(cause instanceof OperationError)) throw cause;
    const { message, advice } = cause;
    throw new PartialError(message, advice === undefined ? { cause } : { cause, advice });
  });
  return result;
}

function stopOnce(api: Api, io: Io, { pod, uid }: StartedCollector): () => Promise<void> {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  let stopping: Promise<void> | undefined;
  return () =>
    (stopping ??= removePod(api, io, { namespace, name, uid, role: 'collector' }, within(removalMs)));
}

/** Tells of a removal that failed after something else did. */
export async function warn(io: Io, cause: unknown): Promise<void> {
  if (!(cause instanceof OperationError)) throw cause;
  await writeLine(io.stderr, `warning: ${cause.message}`);
  if (cause.advice !== undefined) await writeLine(io.stderr, cause.advice);
}

/** Asks the pod what it can do, which also shows that scripts run in it. */
async function checkSelf(exec: Exec, signal: AbortSignal): Promise<CallResult> {
  const answer = await callScript(exec, 'self-check', { args: [], limit: callLimit, signal });
  if (answer.exitCode !== 0)
    throw new OperationError(`scripts do not run in the collector: ${answer.stderr.slice(0, 500)}`);
  return answer;
}

function ready(
  api: Api,
  io: Io,
  started: StartedCollector,
  options: CollectorOptions,
  { stdout }: CallResult,
  stop: () => Promise<void>,
): Collector {
  const exec = execIn(api, io, started.pod);
  const toldUntil = io.monotonic() + toldMs;
  const facts = stdout.toString('latin1').split('\n');
  const writable = facts.find((line) => line.startsWith('writable '))?.slice('writable '.length);
  const identityOf = (pod: Pod): CollectorIdentity => ({
    ...identify({ ...started, pod }, options),
    writableMounts: Number(writable ?? 0),
  });
  return {
    identity: identityOf(started.pod),
    identified: async () => identityOf((await toldInTime(io, started, toldUntil)) ?? started.pod),
    tools: new Set(
      facts.filter((line) => line.startsWith('tool ')).map((line) => line.slice('tool '.length)),
    ),
    collect: (script, args, sink: ItemSink, signal, input): Promise<StreamSummary> =>
      collectFrames(exec, script, sink, {
        args,
        signal,
        ...(input === undefined ? {} : { input }),
      }),
    call: callsIn(api, io, started.pod),
    stop,
  };
}

/** The pod with its status; undefined when its node does not tell in time, which must not hold up what is done already. */
async function toldInTime(io: Io, { told }: StartedCollector, until: number): Promise<Pod | undefined> {
  const over = new AbortController();
  const late = io.sleep(Math.max(0, until - io.monotonic()), over.signal).then(
    () => undefined,
    () => undefined,
  );
  const pod = await Promise.race([told, late]);
  over.abort();
  return pod;
}

/** Runs scripts in a pod of ours. */
export function callsIn(api: Api, io: Io, pod: Pod): Collector['call'] {
  const exec = execIn(api, io, pod);
  return (script, args, call): Promise<CallResult> =>
    callScript(exec, script, { ...call, args, limit: call.limit ?? callLimit });
}

function execIn(api: Api, io: Io, { metadata }: Pod): Exec {
  const { namespace = '', name: pod = '' } = metadata ?? {};
  return (options) => execStream(api, io, { ...options, namespace, pod, container: containerName });
}

function identify(
  { pod, uid, changedByServer, imageSpace }: StartedCollector,
  { node, image }: CollectorOptions,
): Omit<CollectorIdentity, 'writableMounts'> {
  const container = pod.status?.containerStatuses?.find(({ name }) => name === containerName);
  return {
    namespace: pod.metadata?.namespace ?? '',
    pod: pod.metadata?.name ?? '',
    uid,
    node,
    image,
    imageID: container?.imageID ?? '',
    containerID: container?.containerID ?? '',
    created: pod.metadata?.creationTimestamp ?? '',
    recursiveReadOnly: isRecursivelyReadOnly(pod),
    changedByServer,
    ...(imageSpace === undefined ? {} : { imageSpace }),
  };
}
