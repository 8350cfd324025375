import { randomBytes } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import { getObject } from '../cluster/apply.ts';
import type { Node } from '../cluster/objects.ts';
import { ApiError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { checkImageSpace, type ImageSpace } from './image-space.ts';
import { ensureNamespace } from './namespace.ts';
import { collectorPod } from './pod.ts';
import { checkNode } from './readiness.ts';
import { type RunOptions, runPod, type StartedPod } from './run-pod.ts';
import { sweep } from './sweep.ts';

export interface StartOptions {
  readonly node: string;
  readonly namespace: string;
  readonly image: string;
  readonly pullSecret?: string | undefined;
  /** The pod or node that the work is about. */
  readonly subject?: { readonly uid: string } | undefined;
  readonly caseName?: string | undefined;
  readonly spoolMiB?: number | undefined;
  /** See RunOptions. */
  readonly answers?: RunOptions['answers'];
  readonly signal: AbortSignal;
}

/** A collector pod whose container runs. */
export interface StartedCollector extends StartedPod {
  /** Absent when we may not read the node. */
  readonly imageSpace?: ImageSpace;
}

const defaultSpoolMiB = 64;

/**
 * Creates the collector on its node and waits until it runs or answers. Also deletes dead pods of ours in the namespace.
 * Whatever goes wrong, an abort included, its pod is removed. Throws OperationError and ApiError that say what to do.
 */
export async function startPod(api: Api, io: Io, options: StartOptions): Promise<StartedCollector> {
  const { node, namespace, image, signal } = options;
  const [imageSpace] = await Promise.all([
    lookAtNode(api, node, image, signal),
    ensureNamespace(api, namespace, signal),
  ]);
  // Runs beside the start: pods that others left must neither delay nor prevent it.
  const swept = sweep(api, namespace, signal).catch((error: unknown) => {
    if (!(error instanceof OperationError) && !signal.aborted) throw error;
  });
  swept.catch(() => undefined);
  const sent = collectorPod({
    ...options,
    name: `ir-collector-${randomBytes(4).toString('hex')}`,
    subjectUid: options.subject?.uid ?? 'none',
    spoolMiB: options.spoolMiB ?? defaultSpoolMiB,
  });
  const what = `the collector on node ${node} to run`;
  const { answers } = options;
  const how = { namespace, role: 'collector', what, signal } as const;
  const started = await runPod(api, io, sent, answers === undefined ? how : { ...how, answers });
  await swept;
  return imageSpace === undefined ? started : { ...started, imageSpace };
}

async function lookAtNode(
  api: Api,
  name: string,
  image: string,
  signal: AbortSignal,
): Promise<ImageSpace | undefined> {
  try {
    const node = await getObject<Node>(api, { apiVersion: 'v1', resource: 'nodes', name }, signal);
    checkNode(node);
    return await checkImageSpace(api, node, image, signal);
  } catch (error) {
    // Without the right to read nodes, starting the pod will show whether the node is fit.
    if (!(error instanceof ApiError && error.status === 403)) throw error;
    return undefined;
  }
}
