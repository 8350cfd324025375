import { type JsonObject, numberOf, objectOf, objectsOf, textOf } from './json.ts';
import type { NodeUsage, Usage } from './usage.ts';

/**
 * Usage as a kubelet tells it in `/stats/summary` (k8s.io/kubelet/pkg/apis/stats/v1alpha1): rates are its own, over its own
 * interval. Of network and disk it has counters that it renews every 10 to 15 s, and of throttling none, so these are missing.
 * Throws nothing: what is not there, or is something else, is missing.
 */
export function kubeletUsage(
  node: string,
  summary: JsonObject,
): { readonly node: NodeUsage; readonly usages: Usage[] } {
  const { cpu, memoryBytes, memoryLimitBytes } = partUsage(objectOf(summary['node']));
  const usages = objectsOf(summary['pods']).flatMap((pod): Usage[] => {
    const name = nameIn(objectOf(pod['podRef']));
    const processes = figure(objectOf(pod['process_stats']), 'process_count');
    return [
      { pod: name, ...partUsage(pod), ...(processes === undefined ? {} : { processes }) },
      ...objectsOf(pod['containers']).map((part) => ({
        pod: name,
        container: textOf(part['name']) ?? '',
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

function nameIn(object: JsonObject | undefined): string {
  return `${textOf(object?.['namespace']) ?? ''}/${textOf(object?.['name']) ?? ''}`;
}

function figure(object: JsonObject | undefined, name: string): number | undefined {
  const value = numberOf(object?.[name]);
  return value === undefined || value < 0 ? undefined : value;
}

type PartUsage = Pick<Usage, 'cpu' | 'memoryBytes' | 'workingSetBytes' | 'memoryLimitBytes'>;

function partUsage(part: JsonObject | undefined): PartUsage {
  const memory = objectOf(part?.['memory']);
  const nanoCores = figure(objectOf(part?.['cpu']), 'usageNanoCores');
  const usageBytes = figure(memory, 'usageBytes');
  const workingSetBytes = figure(memory, 'workingSetBytes');
  const availableBytes = figure(memory, 'availableBytes') ?? 0;
  return {
    ...(nanoCores === undefined ? {} : { cpu: nanoCores / 1e9 }),
    ...(usageBytes === undefined ? {} : { memoryBytes: usageBytes }),
    ...(workingSetBytes === undefined ? {} : { workingSetBytes }),
    // What is available is the limit without the working set; runtimes write 0 where there is no limit.
    ...(workingSetBytes === undefined || availableBytes === 0
      ? {}
      : { memoryLimitBytes: workingSetBytes + availableBytes }),
  };
}

/** Usage as the metrics server tells it in `PodMetrics` (metrics.k8s.io/v1beta1): processors and working set, nothing else. */
export function metricsUsage(metrics: JsonObject): Usage[] {
  const pod = nameIn(objectOf(metrics['metadata']));
  return objectsOf(metrics['containers']).map((container) => {
    const { cpu, memory } = metered(container);
    return {
      pod,
      container: textOf(container['name']) ?? '',
      ...(cpu === undefined ? {} : { cpu }),
      ...(memory === undefined ? {} : { workingSetBytes: memory }),
    };
  });
}

/** The same of a node, in `NodeMetrics`; its memory is the working set. */
export function nodeMetricsUsage(node: string, metrics: JsonObject): NodeUsage {
  const { cpu, memory } = metered(metrics);
  return {
    node,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  };
}

function metered(object: JsonObject): Readonly<Record<'cpu' | 'memory', number | undefined>> {
  const usage = objectOf(object['usage']);
  return { cpu: quantity(textOf(usage?.['cpu'])), memory: quantity(textOf(usage?.['memory'])) };
}

const factors: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** A quantity of the API (apimachinery, resource.Quantity) as a number; undefined when it is none. */
function quantity(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,40}(?:\.\d{1,40})?)([numkMGT]|[KMGT]i)?$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * (factors[unit] ?? NaN);
}
