import { OperationError } from '../output/errors.ts';
import type { Api } from './api.ts';
import { getObject } from './apply.ts';
import { selectorText } from './label-selector.ts';
import { listAll } from './list.ts';
import type { Pod } from './objects.ts';
import { resourcePath } from './path.ts';
import type { Target } from './target.ts';
import { resolvePod } from './target.ts';

/** What pods a command is about: those of a target, or those with certain labels. */
export type PodSelection = { readonly target: Target } | { readonly labels: string };

/** Kinds that own pods, with the API version that their selector is read in. */
export const owners: Readonly<Record<string, string>> = {
  deployments: 'apps/v1',
  replicasets: 'apps/v1',
  statefulsets: 'apps/v1',
  daemonsets: 'apps/v1',
  jobs: 'batch/v1',
  replicationcontrollers: 'v1',
};

interface Owner {
  readonly spec?: { readonly selector?: unknown };
}

/**
 * The pods of a selection, in the namespace of the connection: as with kubectl, those of an owner are the ones that its selector selects.
 * Throws OperationError when there are none.
 */
export async function resolvePods(api: Api, selection: PodSelection, signal: AbortSignal): Promise<Pod[]> {
  if ('target' in selection && selection.target.resource === 'pods')
    return [await resolvePod(api, selection.target, signal)];
  const what = 'labels' in selection ? `labels ${selection.labels}` : targetText(selection.target);
  const labels = 'labels' in selection ? selection.labels : await ownerLabels(api, selection.target, signal);
  const path = resourcePath({ version: 'v1', namespace: api.namespace, resource: 'pods' });
  const pods: Pod[] = [];
  for await (const pod of listAll<Pod>(api, { path, query: { labelSelector: labels }, signal }))
    pods.push(pod);
  if (pods.length === 0)
    throw new OperationError(`no pods of ${what} in namespace "${api.namespace}"`, {
      advice: 'list them with: kubectl get pods --show-labels',
    });
  return pods;
}

async function ownerLabels(api: Api, target: Target, signal: AbortSignal): Promise<string> {
  const { resource, name } = target;
  const apiVersion = owners[resource];
  if (apiVersion === undefined)
    throw new OperationError(
      `${targetText(target)} has no pods; name a pod, an owner of pods, or labels with -l`,
    );
  const ref = { apiVersion, resource, namespace: api.namespace, name };
  const selector = (await getObject<Owner>(api, ref, signal)).spec?.selector ?? {};
  const text = selectorText(
    resource === 'replicationcontrollers' ? { matchLabels: selector as Record<string, string> } : selector,
  );
  if (text === undefined) throw new OperationError(`${targetText(target)} has no selector that names pods`);
  return text;
}

function targetText({ resource, name }: Target): string {
  return `${resource.replace(/s$/, '')}/${name}`;
}
