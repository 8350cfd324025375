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
  /** Asks the pod itself, which may answer a second before the kubelet reports it as running; rejects until it does. */
  readonly answers?: (pod: Pod, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A pod of ours that runs or answers. */
export interface StartedPod {
  /** Without a status when it answered before the kubelet reported it. */
  readonly pod: Pod;
  /** The pod with its status, once reported; undefined when it never is. */
  readonly told: Promise<Pod | undefined>;
  readonly uid: string;
  /** See CollectorIdentity. */
  readonly changedByServer: readonly string[];
}

const readyMs = 90_000;
/** No container starts sooner than this. */
const firstAskMs = 400;
/** Pauses between questions to the pod, which grow: each is a line in the audit log, and pulling an image may take minutes. */
const askMs = 100;
const askGrowth = 1.1;
const longestAskMs = 1_000;
/** Pause between looks at the pod's status where the pod itself is asked too: its status comes later, and is ten kilobytes. */
const toldPauseMs = 500;
/** How long a new namespace may be without its service account. */
const accountMs = 10_000;

/** Creates a pod and waits until it runs or answers. When it does not, the pod is removed again. */
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

/** A new namespace exists for a moment before its default service account does. */
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
    `an admission webhook changed the ${role} pod, so it was not used${because(undefined, serious.join(' '))}`,
    {
      advice:
        'exempt the collector namespace from that webhook, or use another one: --collector-namespace NAME',
    },
  );
}

/** The kubelet looks at its containers once a second (its PLEG) and reports only then that one runs, so the pod is asked as well. */
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
    // Wait for a question under way: what it started in the pod would outlive it for a moment.
    await asked.catch(() => undefined);
    return { pod, told };
  } catch (error) {
    enough.abort();
    failed.abort();
    throw error;
  }
}

/** Asks until there is an answer, or until `enough` is aborted. */
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

/** The newest Warning event of a pod, which often holds the reason that its status lacks. */
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

/** True when the server answered that it did not create the pod. */
function wasRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}

/** Removes a pod that could not be used. Throws only when that fails: an error that says both. */
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
