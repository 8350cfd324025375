import type { Figures } from './figures.ts';
import type { Sample } from './sample.ts';

/** What a container, or a pod with everything in it, uses now. What is not known is missing. */
export interface Usage {
  /** `NAMESPACE/NAME`, or what the node knows it by when the API does not. */
  readonly pod: string;
  /** Missing for the pod as a whole. */
  readonly container?: string;
  /** Processors, such as 0.25. */
  readonly cpu?: number;
  /** Of the periods with a limit, the part in which it was held back: 0 to 1. */
  readonly throttled?: number;
  readonly memoryBytes?: number;
  readonly workingSetBytes?: number;
  readonly memoryLimitBytes?: number;
  /** Bytes per second. */
  readonly received?: number;
  readonly sent?: number;
  readonly read?: number;
  readonly written?: number;
  readonly processes?: number;
}

export interface NodeUsage {
  readonly node: string;
  readonly cpu?: number;
  readonly processors?: number;
  readonly memoryBytes?: number;
  readonly memoryLimitBytes?: number;
  /** Of the last 1, 5 and 15 minutes. */
  readonly load?: string;
}

/** A pod's name and its containers' names by their ids. */
export interface PodNames {
  readonly pod: string;
  readonly containers: ReadonlyMap<string, string>;
}

/**
 * Usage between two samples of a node. Containers that the API does not name are left out where it names the pod: they are
 * sandboxes; of a pod that it does not know, all are told.
 */
export function usageBetween(before: Sample, after: Sample, names: ReadonlyMap<string, PodNames>): Usage[] {
  const seconds = after.uptime - before.uptime;
  return [...after.cgroups]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([key, now]) => {
      const [uid = '', id] = key.split('/');
      const known = names.get(uid);
      const container =
        id === undefined ? undefined : (known?.containers.get(id) ?? (known === undefined ? id : ''));
      if (container === '') return [];
      const rest = rates(before.cgroups.get(key), now, seconds);
      return [{ pod: known?.pod ?? uid, ...(container === undefined ? {} : { container }), ...rest }];
    });
}

/** Usage of the node itself between two samples. */
export function nodeUsageBetween(node: string, before: Sample, after: Sample): NodeUsage {
  const { memoryBytes, memoryLimitBytes, load, processors } = after.node;
  const { cpu } = rates(before.node, after.node, after.uptime - before.uptime);
  return {
    node,
    load,
    processors,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
  };
}

function rates(before: Figures | undefined, now: Figures, seconds: number): Omit<Usage, 'pod' | 'container'> {
  const grown = (of: keyof Figures): number | undefined => {
    const [was, is] = [before?.[of], now[of]];
    // A counter that went back belongs to another instance.
    return was === undefined || is === undefined || is < was ? undefined : is - was;
  };
  const perSecond = (of: keyof Figures): number | undefined => {
    const more = grown(of);
    return more === undefined || seconds <= 0 ? undefined : more / seconds;
  };
  const cpuNs = perSecond('cpuNs');
  const periods = grown('periods');
  const throttled = grown('throttledPeriods');
  const usage = {
    cpu: cpuNs === undefined ? undefined : cpuNs / 1e9,
    throttled:
      periods === undefined || throttled === undefined || periods === 0 ? undefined : throttled / periods,
    memoryBytes: now.memoryBytes,
    workingSetBytes: now.workingSetBytes,
    memoryLimitBytes: now.memoryLimitBytes,
    received: perSecond('receivedBytes'),
    sent: perSecond('sentBytes'),
    read: perSecond('readBytes'),
    written: perSecond('writtenBytes'),
    processes: now.processes,
  };
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));
}
