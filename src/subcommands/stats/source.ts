import { buffer } from 'node:stream/consumers';
import { kubeletUsage, metricsUsage, type PodMetrics } from '../../artifacts/kubelet-stats.ts';
import type { ItemSink } from '../../artifacts/item.ts';
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
import type { Pod } from '../../cluster/objects.ts';
import { resourcePath } from '../../cluster/path.ts';
import type { Collector } from '../../collector/collector.ts';
import { proxyPath } from '../../evidence/kubelet-view.ts';
import { takeSample } from '../../evidence/stats-sample.ts';
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
      const told = kubeletUsage(group.node, await answer<object>({ name, path, doing }, asking));
      nodes.push(told.node);
      usages.push(...told.usages.filter(({ pod }) => group.all || isAmong(pod, group.pods)));
    }
    return { nodes, usages };
  };
}

/** Figures of the metrics server: processors and working sets. */
export function metricsSource(groups: readonly NodePods[], asking: Asking): Source {
  return async () => {
    const usages: Usage[] = [];
    for (const { metadata } of groups.flatMap(({ pods }) => pods)) {
      const { namespace = '', name = '' } = metadata ?? {};
      const place = { group: 'metrics.k8s.io', version: 'v1beta1', namespace, resource: 'pods', name };
      const asked = {
        name: `metrics/${namespace}/${name}`,
        path: resourcePath(place),
        doing: `get the metrics of pod "${name}"`,
      };
      const found = await answer<PodMetrics>(asked, asking).catch(undefinedWhenMissing);
      if (found !== undefined) usages.push(...metricsUsage(found));
    }
    return { nodes: [], usages };
  };
}

/** Asks for JSON and keeps it byte for byte, also when it is none. */
async function answer<T>(
  { name, path, doing }: { readonly name: string; readonly path: string; readonly doing: string },
  { api, signal, keep }: Asking,
): Promise<T> {
  const { body } = await api.request({ path, doing, signal });
  const bytes = await buffer(body);
  await keep?.(name, path, bytes);
  return JSON.parse(bytes.toString()) as T;
}

/** A pod that the metrics server has not seen yet. */
function undefinedWhenMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

/** True when the cluster has a metrics server that answers. */
export async function servesMetrics(api: Api, signal: AbortSignal): Promise<boolean> {
  const { groups } = await api.json<{ groups?: { name?: string }[] }>({
    path: '/apis',
    doing: 'list API groups',
    signal,
  });
  if (groups?.some(({ name }) => name === 'metrics.k8s.io') !== true) return false;
  const path = resourcePath({ group: 'metrics.k8s.io', version: 'v1beta1', resource: 'nodes' });
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
