import type { ItemSink } from '../../artifacts/item.ts';
import { jsonObject, type JsonObject } from '../../artifacts/json.ts';
import { kubeletUsage, metricsUsage, nodeMetricsUsage } from '../../artifacts/kubelet-stats.ts';
import type { Sample } from '../../artifacts/sample.ts';
import {
  nodeUsageBetween,
  type NodeUsage,
  type PodNames,
  type Usage,
  usageBetween,
} from '../../artifacts/usage.ts';
import type { Api } from '../../cluster/api.ts';
import { isNotFound } from '../../cluster/apply.ts';
import { readAll } from '../../cluster/body.ts';
import type { Pod } from '../../cluster/objects.ts';
import { resourcePath } from '../../cluster/path.ts';
import type { Collector } from '../../collector/collector.ts';
import { proxyPath } from '../../evidence/kubelet-view.ts';
import { takeSample } from '../../evidence/stats-sample.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import { subjectOf } from '../snapshot/pod.ts';

/** What is used at one moment, on some nodes. */
export interface Figures {
  readonly nodes: readonly NodeUsage[];
  readonly usages: readonly Usage[];
}

/** Takes figures again and again. */
export type Source = () => Promise<Figures>;

/** One node and the pods on it that are wanted; `all` when everything on it is. */
export interface NodePods {
  readonly node: string;
  readonly pods: readonly Pod[];
  readonly all: boolean;
}

/** Figures from the cgroups of nodes, by a collector on each; the first call has no rates. */
export function cgroupSource(
  groups: readonly { readonly of: NodePods; readonly collector: Collector }[],
  keep: ItemSink | undefined,
  signal: AbortSignal,
): Source {
  const before = new Map<string, Sample>();
  return async () => {
    const nodes: NodeUsage[] = [];
    const usages: Usage[] = [];
    for (const { of, collector } of groups) {
      const uids = of.all ? [] : of.pods.map((pod) => subjectOf(pod, []).uid);
      const now = await takeSample(collector, uids, keep, signal);
      const last = before.get(of.node) ?? now;
      before.set(of.node, now);
      nodes.push(nodeUsageBetween(of.node, last, now));
      usages.push(...usageBetween(last, now, namesOf(of.pods)));
    }
    return { nodes, usages };
  };
}

/** Where an answer is kept as it came: a name for its item, the path that was asked, its bytes. */
export type KeepAnswer = (name: string, path: string, bytes: Buffer) => Promise<void>;

interface Asking {
  readonly api: Api;
  readonly signal: AbortSignal;
  readonly keep?: KeepAnswer | undefined;
}

/** Figures of the kubelets, asked through the API server; who may do that may also run commands in every pod. */
export function kubeletSource(groups: readonly NodePods[], asking: Asking): Source {
  return async () => {
    const nodes: NodeUsage[] = [];
    const usages: Usage[] = [];
    for (const group of groups) {
      const path = proxyPath(group.node, 'stats/summary');
      const doing = `ask the kubelet of node "${group.node}" for figures`;
      const name = `kubelet/${group.node}`;
      const told = kubeletUsage(group.node, await answer({ name, path, doing }, asking));
      nodes.push(told.node);
      usages.push(...told.usages.filter(({ pod }) => group.all || isAmong(pod, group.pods)));
    }
    return { nodes, usages };
  };
}

/** Figures of the metrics server: processors and working sets, of nodes only where they may be asked for. */
export function metricsSource(groups: readonly NodePods[], asking: Asking): Source {
  return async () => {
    const nodes: NodeUsage[] = [];
    const usages: Usage[] = [];
    for (const { node, pods } of groups) {
      for (const { metadata } of pods) {
        const { namespace = '', name = '' } = metadata ?? {};
        const asked = {
          name: `metrics/${namespace}/${name}`,
          path: resourcePath({ ...metricsVersion, namespace, resource: 'pods', name }),
          doing: `get the metrics of pod "${name}"`,
        };
        const found = await answer(asked, asking).catch(undefinedWhenMissing);
        if (found !== undefined) usages.push(...metricsUsage(found));
      }
      const asked = {
        name: `node-metrics/${node}`,
        path: resourcePath({ ...metricsVersion, resource: 'nodes', name: node }),
        doing: `get the metrics of node "${node}"`,
      };
      const found = await answer(asked, asking).catch(undefinedWhenWithheld);
      nodes.push(nodeMetricsUsage(node, found ?? {}));
    }
    return { nodes, usages };
  };
}

const metricsVersion = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;
/** A summary of 500 pods has some 2 MiB. */
const mostBytes = 64 * 1024 * 1024;

/** Asks for an object of JSON and keeps it byte for byte, also when it is none. Throws OperationError when it is none. */
async function answer(
  { name, path, doing }: { readonly name: string; readonly path: string; readonly doing: string },
  { api, signal, keep }: Asking,
): Promise<JsonObject> {
  const { body } = await api.request({ path, doing, signal });
  const bytes = await readAll(body, mostBytes);
  await keep?.(name, path, bytes);
  const object = jsonObject(bytes);
  if (object === undefined) throw new OperationError(`cannot ${doing}: the answer is no object of JSON`);
  return object;
}

/** A pod or a node that the metrics server has not seen yet. */
function undefinedWhenMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

/** The same, or one that the user may not ask about. */
function undefinedWhenWithheld(error: unknown): undefined {
  if (!isNotFound(error) && !(error instanceof ApiError && error.status === 403)) throw error;
}

/** True when the cluster has a metrics server that answers. */
export async function servesMetrics(api: Api, signal: AbortSignal): Promise<boolean> {
  const { groups } = await api.json<{ groups?: { name?: string }[] }>({
    path: '/apis',
    doing: 'list API groups',
    signal,
  });
  if (groups?.some(({ name }) => name === metricsVersion.group) !== true) return false;
  const path = resourcePath({ ...metricsVersion, resource: 'nodes' });
  return api.json({ path, signal }).then(
    () => true,
    () => false,
  );
}

function isAmong(name: string, pods: readonly Pod[]): boolean {
  return pods.some(({ metadata }) => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}` === name);
}

/** Names of pods by what their node knows them by. */
function namesOf(pods: readonly Pod[]): Map<string, PodNames> {
  return new Map(
    pods.map((pod) => {
      const statuses = [
        ...(pod.status?.initContainerStatuses ?? []),
        ...(pod.status?.containerStatuses ?? []),
        ...(pod.status?.ephemeralContainerStatuses ?? []),
      ];
      const containers = new Map(
        statuses.map(({ containerID, name }) => [containerID?.replace(/^.*:\/\//, '') ?? '', name] as const),
      );
      const { namespace = '', name = '' } = pod.metadata ?? {};
      return [subjectOf(pod, []).uid, { pod: `${namespace}/${name}`, containers }] as const;
    }),
  );
}
