import type { NodeUsage, Usage } from './usage.ts';

interface Cpu {
  readonly usageNanoCores?: number;
}

interface Memory {
  readonly usageBytes?: number;
  readonly workingSetBytes?: number;
  readonly availableBytes?: number;
}

interface Part {
  readonly name?: string;
  readonly cpu?: Cpu;
  readonly memory?: Memory;
}

/** `/stats/summary` of a kubelet, as far as it is used: k8s.io/kubelet/pkg/apis/stats/v1alpha1. */
interface Summary {
  readonly node?: { readonly cpu?: Cpu; readonly memory?: Memory };
  readonly pods?: readonly {
    readonly podRef?: { readonly name?: string; readonly namespace?: string };
    readonly cpu?: Cpu;
    readonly memory?: Memory;
    readonly process_stats?: { readonly process_count?: number };
    readonly containers?: readonly Part[];
  }[];
}

/**
 * Usage as a kubelet tells it: rates are its own, over its own interval. Of network and disk it has counters that it renews every
 * 10 to 15 s, and of throttling none, so these are missing. Throws nothing: what is not there is missing.
 */
export function kubeletUsage(
  node: string,
  summary: Summary,
): { readonly node: NodeUsage; readonly usages: Usage[] } {
  const { cpu, memoryBytes, memoryLimitBytes } = partUsage(summary.node ?? {});
  const usages = (summary.pods ?? []).flatMap((pod): Usage[] => {
    const name = `${pod.podRef?.namespace ?? ''}/${pod.podRef?.name ?? ''}`;
    const processes = pod.process_stats?.process_count;
    return [
      { pod: name, ...partUsage(pod), ...(processes === undefined ? {} : { processes }) },
      ...(pod.containers ?? []).map((part) => ({
        pod: name,
        container: part.name ?? '',
        ...partUsage(part),
      })),
    ];
  });
  return {
    node: {
      node,
      ...(cpu === undefined ? {} : { cpu }),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
    },
    usages,
  };
}

type PartUsage = Pick<Usage, 'cpu' | 'memoryBytes' | 'workingSetBytes' | 'memoryLimitBytes'>;

function partUsage({ cpu, memory }: Part): PartUsage {
  const { usageBytes, workingSetBytes, availableBytes = 0 } = memory ?? {};
  return {
    ...(cpu?.usageNanoCores === undefined ? {} : { cpu: cpu.usageNanoCores / 1e9 }),
    ...(usageBytes === undefined ? {} : { memoryBytes: usageBytes }),
    ...(workingSetBytes === undefined ? {} : { workingSetBytes }),
    // What is available is the limit without the working set; runtimes write 0 where there is no limit.
    ...(workingSetBytes === undefined || availableBytes === 0
      ? {}
      : { memoryLimitBytes: workingSetBytes + availableBytes }),
  };
}

/** `PodMetrics` of metrics.k8s.io/v1beta1. */
export interface PodMetrics {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly containers?: readonly {
    readonly name?: string;
    readonly usage?: { readonly cpu?: string; readonly memory?: string };
  }[];
}

/** Usage as the metrics server tells it: processors and working set, nothing else. */
export function metricsUsage({ metadata, containers = [] }: PodMetrics): Usage[] {
  const pod = `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
  return containers.map(({ name = '', usage }) => {
    const cpu = quantity(usage?.cpu);
    const workingSetBytes = quantity(usage?.memory);
    return {
      pod,
      container: name,
      ...(cpu === undefined ? {} : { cpu }),
      ...(workingSetBytes === undefined ? {} : { workingSetBytes }),
    };
  });
}

const factors: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** A quantity of the API (apimachinery, resource.Quantity) as a number; undefined when it is none. */
function quantity(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([numkMG]|[KMG]i)?$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * (factors[unit] ?? NaN);
}
