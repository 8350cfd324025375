import type { Api } from '../cluster/api.ts';
import { createObject } from '../cluster/apply.ts';
import type { Pod } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { waitFor } from '../cluster/wait.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { within } from '../output/within.ts';
import { podChanges } from './pod-changes.ts';
import type { Role } from './names.ts';
import { because, isRunning } from './readiness.ts';
import { removalMs, removePod } from './removal.ts';

/** How a pod of ours is started. */
export interface RunOptions {
  readonly namespace: string;
  readonly role: Role;
  /** What is waited for, for messages. */
  readonly what: string;
  /** Asks the pod itself, which may answer a second before the kubelet tells that it runs; rejects while it does not. */
  readonly answers?: (pod: Pod, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A pod of ours that runs, or answers. */
export interface StartedPod {
  /** Without a status when it answered before the kubelet told of it. */
  readonly pod: Pod;
  /** With its status, when that was told; undefined when it never was. */
  readonly told: Promise<Pod | undefined>;
  readonly uid: string;
  /** See CollectorIdentity. */
  readonly changedByServer: readonly string[];
}

const readyMs = 90_000;
/** No container runs sooner. */
const firstAskMs = 400;
/** Then it is asked again after pauses that grow: every question is a line in the audit log, and an image may take minutes. */
const askMs = 100;
const askGrowth = 1.1;
const longestAskMs = 1_000;
/** Its kubelet is asked at leisure where the pod itself is asked too: it tells later, and each answer is ten kilobytes. */
const toldPauseMs = 500;
/** How long a new namespace may be without its service account. */
const accountMs = 10_000;

/** Creates one pod as it is and waits until it runs, or answers; nothing of it is left when it does not. */
export async function runPod(
  api: Api,
  io: Io,
  sent: Pod & { metadata: { name: string } },
  options: RunOptions,
): Promise<StartedPod> {
  const { namespace, role, signal } = options;
  const { name } = sent.metadata;
  let uid: string | undefined;
  try {
    const created = await create(api, io, sent, signal);
    uid = created.metadata?.uid ?? '';
    const changes = podChanges(sent, created);
    if (changes.serious.length > 0) throw changed(role, changes.serious);
    return { ...(await untilUsable(api, io, created, name, options)), uid, changedByServer: changes.all };
  } catch (error) {
    if (uid !== undefined || !wasRefused(error))
      await abandon(api, io, { namespace, name, uid, role }, error);
    throw error;
  }
}

async function create(
  api: Api,
  io: Io,
  pod: Pod & { metadata: { name: string } },
  signal: AbortSignal,
): Promise<Pod> {
  const end = io.monotonic() + accountMs;
  for (;;) {
    try {
      return await createObject(api, { ...pod, apiVersion: 'v1', kind: 'Pod' }, { signal });
    } catch (error) {
      if (!isAccountMissing(error) || io.monotonic() > end)
        throw advised(error, pod.metadata.namespace ?? '');
      await io.sleep(100, signal);
    }
  }
}

/** A namespace is accepted some moments before its default service account exists. */
function isAccountMissing(error: unknown): boolean {
  return (
    error instanceof ApiError && error.status === 403 && /serviceaccount .* not found/.test(error.message)
  );
}

/** Adds what to do to the refusals that a collector commonly meets. */
export function advised(error: unknown, namespace: string): unknown {
  if (!(error instanceof ApiError) || error.advice !== undefined || error.status !== 403) return error;
  const { message, status, reason } = error;
  const advice = [
    [
      /violates PodSecurity/,
      `allow privileged pods there: kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite; or use --collector-namespace`,
    ],
    [/exceeded quota/, 'use a namespace without that quota: --collector-namespace NAME'],
    [
      /admission webhook|ValidatingAdmissionPolicy/,
      `the policy must let pods of namespace ${namespace} through; or use --collector-namespace`,
    ],
    [
      /cannot create resource/,
      'what is missing, and what an administrator runs to give it: kubectl ir preflight',
    ],
  ].find(([pattern]) => (pattern as RegExp).test(message))?.[1] as string | undefined;
  return advice === undefined ? error : new ApiError(message, { status, reason, advice, cause: error });
}

function changed(role: Role, serious: readonly string[]): OperationError {
  return new OperationError(
    `somebody's admission webhook changed the ${role} pod, it was not used${because(undefined, serious.join(' '))}`,
    {
      advice:
        'exempt the collector namespace from that webhook, or use another one: --collector-namespace NAME',
    },
  );
}

/** The kubelet looks at its containers once a second (its PLEG), and tells that one runs after that. */
async function untilUsable(
  api: Api,
  io: Io,
  created: Pod,
  name: string,
  options: RunOptions,
): Promise<Pick<StartedPod, 'pod' | 'told'>> {
  const { answers, signal } = options;
  const running = untilRunning(api, io, name, options);
  const told = running.catch(() => undefined);
  if (answers === undefined) return { pod: await running, told };
  const enough = new AbortController();
  const failed = new AbortController();
  const asked = untilAnswering(
    io,
    () => answers(created, AbortSignal.any([signal, failed.signal])),
    AbortSignal.any([signal, enough.signal]),
  );
  asked.catch(() => undefined);
  try {
    const pod = await Promise.race([running, asked.then(() => created)]);
    enough.abort();
    // A question under way is not cut off: what it started in the pod would outlive it for a moment.
    await asked.catch(() => undefined);
    return { pod, told };
  } catch (error) {
    enough.abort();
    failed.abort();
    throw error;
  }
}

/** Asks until it is answered, or no more is to be asked. */
async function untilAnswering(io: Io, ask: () => Promise<void>, enough: AbortSignal): Promise<void> {
  await io.sleep(firstAskMs, enough);
  for (let pause = askMs; ; pause = Math.min(pause * askGrowth, longestAskMs)) {
    try {
      await ask();
      return;
    } catch (error) {
      if (enough.aborted || !(error instanceof OperationError)) throw error;
    }
    await io.sleep(pause, enough);
  }
}

async function untilRunning(api: Api, io: Io, name: string, options: RunOptions): Promise<Pod> {
  const { namespace, role, what, answers, signal } = options;
  let last: Pod | undefined;
  try {
    const pod = await waitFor<Pod>(api, io, {
      path: resourcePath({ version: 'v1', namespace, resource: 'pods', name }),
      what,
      until: (found) => {
        last = found;
        return isRunning(found, role);
      },
      timeoutMs: readyMs,
      ...(answers === undefined ? {} : { pauseMs: toldPauseMs }),
      signal,
    });
    if (pod === undefined) throw new Error('waited for no pod');
    return pod;
  } catch (error) {
    const timedOut = error instanceof OperationError && error.message.startsWith('timed out');
    if (!timedOut) throw error;
    throw new OperationError(`${error.message}${await lastWarning(api, last, signal)}`, { cause: error });
  }
}

/** The newest warning event of a pod, which often has the reason that its status lacks. */
async function lastWarning(api: Api, pod: Pod | undefined, signal: AbortSignal): Promise<string> {
  const { namespace, uid } = pod?.metadata ?? {};
  if (namespace === undefined || uid === undefined) return '';
  try {
    const { items } = await api.json<{ items: { reason?: string; message?: string }[] }>({
      path: resourcePath({ version: 'v1', namespace, resource: 'events' }),
      query: { fieldSelector: `involvedObject.uid=${uid},type=Warning`, limit: 50 },
      signal,
    });
    return because(items.at(-1)?.reason, items.at(-1)?.message);
  } catch (error) {
    if (error instanceof ApiError) return '';
    throw error;
  }
}

/** True when the server said that it did not create the pod. */
function wasRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}

/** Removes a pod that could not be used. A failure of that is told along with the first one. */
async function abandon(
  api: Api,
  io: Io,
  pod: Parameters<typeof removePod>[2],
  because: unknown,
): Promise<void> {
  try {
    await removePod(api, io, pod, within(removalMs));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new OperationError(
      `${because instanceof Error ? because.message : String(because)}; also, ${error.message}`,
      {
        cause: because,
        ...(error.advice === undefined ? {} : { advice: error.advice }),
      },
    );
  }
}
