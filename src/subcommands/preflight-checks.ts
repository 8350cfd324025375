import { type Right, rightsText } from '../cluster/access.ts';
import type { Api } from '../cluster/api.ts';
import { createObject, getObjectOrUndefined } from '../cluster/apply.ts';
import { listAll } from '../cluster/list.ts';
import { missingRights } from '../cluster/missing-rights.ts';
import type { Namespace, Node } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { withCollector } from '../collector/lifecycle.ts';
import { namespaceObject } from '../collector/namespace.ts';
import { collectorPod } from '../collector/pod.ts';
import { advised } from '../collector/run-pod.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { type ClusterCommand, createNamespace, rightsOf } from './rights.ts';
import type { Places } from './rights/right.ts';

/** One thing that was looked at. `part`: it could not be measured, or not everywhere. */
export interface Check {
  readonly check: string;
  readonly state: 'ok' | 'part' | 'fail';
  readonly detail: string;
  readonly advice?: string;
  /** What is missing comes with the rights that an administrator grants. */
  readonly granted?: boolean;
}

/** What an incident would use. */
export interface Setting extends Places {
  readonly image: string;
  readonly pullSecret?: string;
  readonly signal: AbortSignal;
}

const spoolMiB = 64;
const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** Whether each command may do what it needs; a command that lacks a right makes the check `part`, all of them `fail`. */
export async function checkRights(
  api: Api,
  commands: readonly ClusterCommand[],
  setting: Setting,
): Promise<{ readonly check: Check; readonly missing: readonly Right[] }> {
  const wanted = commands.map((command) => ({ command, rights: rightsOf(command, setting) }));
  const rights = unique(wanted.flatMap((each) => each.rights));
  const missing = await missingRights(api, rights, setting.signal);
  const lacking = new Set(missing.map(keyOf));
  const able = wanted.filter((each) => !each.rights.some((right) => lacking.has(keyOf(right))));
  if (missing.length === 0) {
    const detail = `${commands.join(', ')}, for pods of namespace ${setting.namespace}`;
    return { check: { check: 'rights', state: 'ok', detail }, missing };
  }
  const unable = commands.filter((command) => !able.some((each) => each.command === command));
  const state = able.length === 0 ? 'fail' : 'part';
  const detail = `missing for ${unable.join(', ')}`;
  return { check: { check: 'rights', state, detail, advice: `missing:\n${rightsText(missing)}` }, missing };
}

/** The collector's namespace: there, or can be made; privileged pods let in, as its labels say. */
export async function checkNamespace(api: Api, setting: Setting): Promise<{ check: Check; exists: boolean }> {
  const name = setting.collectorNamespace;
  const ref = { apiVersion: 'v1', resource: 'namespaces', name };
  const check = 'namespace';
  let found: Namespace | undefined;
  try {
    found = await getObjectOrUndefined<Namespace>(api, ref, setting.signal);
    if (found === undefined) return await checkCreation(api, setting);
  } catch (error) {
    return { check: failed(check, error, 'part'), exists: true };
  }
  if (found.metadata?.deletionTimestamp !== undefined) {
    const advice = 'wait until it is gone, or use another one: --collector-namespace NAME';
    return { check: { check, state: 'fail', detail: `${name} is being deleted`, advice }, exists: true };
  }
  const level = found.metadata?.labels?.[enforceLabel];
  const security = level === undefined ? 'no pod-security label' : `pod-security ${level}`;
  return { check: { check, state: 'ok', detail: `${name}, ${security}` }, exists: true };
}

async function checkCreation(api: Api, setting: Setting): Promise<{ check: Check; exists: boolean }> {
  const name = setting.collectorNamespace;
  const told = (
    rest: Pick<Check, 'state' | 'detail' | 'granted'>,
    exists = false,
  ): { check: Check; exists: boolean } => ({
    check: { check: 'namespace', ...rest },
    exists,
  });
  const [lacking] = await missingRights(api, [createNamespace], setting.signal);
  if (lacking !== undefined)
    return told({ state: 'fail', detail: `${name} is absent and you may not create it`, granted: true });
  try {
    await createObject(api, namespaceObject(name), { dryRun: true, signal: setting.signal });
  } catch (error) {
    // Another command was faster.
    if (error instanceof ApiError && error.reason === 'AlreadyExists')
      return told({ state: 'ok', detail: `${name} was created just now` }, true);
    return { check: failed('namespace', error, 'fail'), exists: false };
  }
  return told({ state: 'ok', detail: `${name} is absent and will be created` });
}

/** Whether the server would take the collector pod: pod security, quota and admission, by a server-side dry run. */
export async function checkPod(api: Api, setting: Setting, node: string, exists: boolean): Promise<Check> {
  const check = 'collector pod';
  if (!exists) {
    const advice = 'it is created at the first use; preflight --pull does so now';
    return { check, state: 'part', detail: 'not tried: its namespace is absent', advice };
  }
  const { image, pullSecret, collectorNamespace: namespace, signal } = setting;
  const pod = collectorPod({
    ...{ name: 'ir-collector-preflight', namespace, node, image, subjectUid: 'none', spoolMiB },
    ...(pullSecret === undefined ? {} : { pullSecret }),
  });
  try {
    await createObject(api, { ...pod, apiVersion: 'v1', kind: 'Pod' }, { dryRun: true, signal });
  } catch (error) {
    return failed(check, advised(error, namespace), 'fail');
  }
  return { check, state: 'ok', detail: 'taken by the server: pod security, quota, admission (dry run)' };
}

/** Linux nodes that are Ready, and what is wrong with the others. */
export async function checkNodes(
  api: Api,
  signal: AbortSignal,
): Promise<{ check: Check; ready: readonly string[] }> {
  const ready: string[] = [];
  const others: string[] = [];
  const runtimes = new Set<string>();
  try {
    for await (const node of listAll<Node>(api, {
      path: resourcePath({ version: 'v1', resource: 'nodes' }),
      signal,
    })) {
      const name = node.metadata?.name ?? '';
      const problem = problemOf(node);
      if (problem === undefined) ready.push(name);
      else others.push(`${name} ${problem}`);
      runtimes.add((node.status?.nodeInfo?.containerRuntimeVersion ?? 'unknown runtime').replace('://', ' '));
    }
  } catch (error) {
    return { check: failed('nodes', error, 'part'), ready };
  }
  const state = ready.length === 0 ? 'fail' : others.length === 0 ? 'ok' : 'part';
  const known = `${ready.length} of ${ready.length + others.length} ready, ${[...runtimes].sort().join(', ')}`;
  const shown = others.slice(0, 5).join('; ') + (others.length > 5 ? `; ${others.length - 5} more` : '');
  return { check: { check: 'nodes', state, detail: shown === '' ? known : `${known}; ${shown}` }, ready };
}

function problemOf(node: Node): string | undefined {
  const os = node.metadata?.labels?.['kubernetes.io/os'] ?? 'linux';
  if (os !== 'linux') return `runs ${os}`;
  const status = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return status === 'True' ? undefined : 'is not ready';
}

/** Pulls the collector image on a node by starting a collector there, which also shows that scripts run in it. */
export async function checkPull(api: Api, io: Io, setting: Setting, node: string): Promise<Check> {
  const check = `pull ${node}`;
  const { image, pullSecret, collectorNamespace: namespace, signal } = setting;
  const options = { node, namespace, image, signal, ...(pullSecret === undefined ? {} : { pullSecret }) };
  const started = io.monotonic();
  try {
    const tools = await withCollector(api, io, options, (collector) => Promise.resolve([...collector.tools]));
    const seconds = ((io.monotonic() - started) / 1000).toFixed(1);
    return {
      check,
      state: 'ok',
      detail: `${image} in ${seconds}s, tools: ${tools.sort().join(' ') || 'none'}`,
    };
  } catch (error) {
    return failed(check, error, 'fail');
  }
}

/** An expected failure as a check; anything else is a bug, and an abort is none of ours. */
function failed(check: string, error: unknown, state: 'part' | 'fail'): Check {
  if (!(error instanceof OperationError) || error.name === 'InterruptedError') throw error;
  const advice = error.advice === undefined ? {} : { advice: error.advice };
  return { check, state, detail: error.message, ...advice };
}

function unique(rights: readonly Right[]): Right[] {
  return [...new Map(rights.map((right) => [keyOf(right), right])).values()];
}

function keyOf(right: Right): string {
  return JSON.stringify(right);
}
