import type { Api } from '../cluster/api.ts';
import type { Node } from '../cluster/objects.ts';
import { resourcePath } from '../cluster/path.ts';
import { OperationError } from '../output/errors.ts';
import { formatSize } from '../output/size.ts';

/** A node's free space for images, as found before the collector's image was pulled. */
export interface ImageSpace {
  /** True when the node lists the image. It lists its fifty largest only, so false does not mean that it is absent. */
  readonly listed: boolean;
  readonly availableBytes?: number;
  readonly usedPercent?: number;
  /** Why the free space is not known. */
  readonly unknown?: string;
}

/** With less free space than this nothing is pulled: a collector image has a few megabytes. */
const leastBytes = 64 * 1024 ** 2;

/**
 * Checks whether a pull can succeed: a node under disk pressure refuses the pod, a full disk the image. Throws
 * OperationError in both cases. A disk that is merely rather full stops nothing, or an attacker could prevent a containment
 * by filling it. The figures are the kubelet's; without the right to ask for them the work goes on without them.
 */
export async function checkImageSpace(
  api: Api,
  node: Node,
  image: string,
  signal: AbortSignal,
): Promise<ImageSpace> {
  const name = node.metadata?.name ?? '';
  const pressure = node.status?.conditions?.find(({ type }) => type === 'DiskPressure');
  if (pressure?.status === 'True')
    throw new OperationError(`node ${name} is under disk pressure and would refuse the collector`, {
      advice:
        'take an image of its disk another way; what the API server has can still be read without a collector',
    });
  const listed = node.status?.images?.some(({ names }) => names?.includes(image) === true) ?? false;
  if (listed) return { listed };
  const found = await askKubelet(api, name, signal);
  if (typeof found === 'string') return { listed, unknown: found };
  const { availableBytes, capacityBytes } = found;
  const usedPercent = Math.round((100 * (capacityBytes - availableBytes)) / capacityBytes);
  if (availableBytes < leastBytes)
    throw new OperationError(
      `node ${name} has ${formatSize(availableBytes)} left for images (${usedPercent} % used), too little for the collector's`,
      {
        advice:
          'with --collector-image, name one that the node already has; see: kubectl get node -o jsonpath={.status.images}',
      },
    );
  return { listed, availableBytes, usedPercent };
}

interface Summary {
  readonly node?: {
    readonly runtime?: {
      readonly imageFs?: { readonly availableBytes?: number; readonly capacityBytes?: number };
    };
  };
}

async function askKubelet(
  api: Api,
  node: string,
  signal: AbortSignal,
): Promise<{ availableBytes: number; capacityBytes: number } | string> {
  try {
    const path = resourcePath({
      version: 'v1',
      resource: 'nodes',
      name: node,
      subresource: 'proxy/stats/summary',
    });
    const { node: told } = await api.json<Summary>({ path, signal });
    const { availableBytes, capacityBytes } = told?.runtime?.imageFs ?? {};
    if (availableBytes === undefined || capacityBytes === undefined || capacityBytes <= 0)
      return 'the kubelet does not tell';
    return { availableBytes, capacityBytes };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OperationError) return error.message;
    throw error;
  }
}
