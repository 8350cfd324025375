import type { ItemSink } from '../artifacts/item.ts';
import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import { execStream } from '../cluster/exec.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { within } from '../output/within.ts';
import type { CallResult, Collector, CollectorIdentity, StreamSummary } from './collector.ts';
import { containerName, isRecursivelyReadOnly } from './pod.ts';
import { removalMs, removedAfter, removePod } from './removal.ts';
import { callScript, collectFrames } from './running.ts';
import type { Exec } from './running.ts';
import { type StartedCollector, startPod, type StartOptions } from './start.ts';

const callLimit = 1 << 20;
/** How long after a collector first answered we wait for its node to report it as running. */
const toldMs = 5_000;

/**
 * Starts a collector on a node, lends it to `use`, and removes it even after a failure or an abort: the removal has a time
 * limit of its own. `meanwhile` gets the result while the pod is going away. When only the removal failed, the work is done
 * and a PartialError says what is left.
 */
export async function withCollector<T>(
  api: Api,
  io: Io,
  options: StartOptions,
  use: (collector: Collector) => Promise<T>,
  meanwhile: (result: T) => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  let checked: CallResult | undefined;
  const answers = async (pod: Pod, signal: AbortSignal): Promise<void> => {
    checked = await checkSelf(execIn(api, io, pod), signal);
  };
  const started = await startPod(api, io, { ...options, answers });
  const stop = stopOnce(api, io, started);
  const work = async (): Promise<T> => {
    checked ??= await checkSelf(execIn(api, io, started.pod), options.signal);
    const result = await use(ready(api, io, started, options, checked, stop));
    // Only begun here, so that it goes on beside `meanwhile`; `removedAfter` waits for it and reports its failure.
    stop().catch(() => undefined);
    await meanwhile(result);
    return result;
  };
  return removedAfter(io, work, stop);
}

function stopOnce(api: Api, io: Io, { pod, uid }: StartedCollector): () => Promise<void> {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  let stopping: Promise<void> | undefined;
  return () =>
    (stopping ??= removePod(api, io, { namespace, name, uid, role: 'collector' }, within(removalMs)));
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
  options: StartOptions,
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

/** The pod with its status; undefined when its node does not report it in time, because finished work must not wait for that. */
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
  { node, image }: StartOptions,
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
