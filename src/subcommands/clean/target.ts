import { labelsOf, type JsonObject, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';
import type { Api } from '../../cluster/api.ts';
import { getObjectOrUndefined } from '../../cluster/apply.ts';
import { objectPath, type ObjectRef, splitApiVersion } from '../../cluster/path.ts';
import { type ResourceType, resolveTypes } from '../../cluster/resource-type.ts';
import { labels as ourLabels } from '../../collector/names.ts';
import { undoCommand } from '../../containment/isolation.ts';
import { podUidLabel } from '../../containment/names.ts';
import { OperationError, UsageError } from '../../output/errors.ts';

/** An object that is to be removed, as the server had it when it was looked at. */
export interface CleanTarget {
  readonly ref: ObjectRef;
  readonly kind: string;
  readonly uid: string;
  readonly object: JsonObject;
  /** `cronjob.batch/report`. */
  readonly text: string;
}

/** `TYPE/NAME` of each word, as kubectl delete takes several. Throws UsageError for anything else. */
export function parseObjects(words: readonly string[]): { readonly type: string; readonly name: string }[] {
  return words.map((word) => {
    const [type = '', name = '', ...more] = word.split('/');
    if (type === '' || name === '' || more.length > 0 || name === '.' || name === '..')
      throw new UsageError(`"${word}" is no object; give TYPE/NAME, such as cronjob/report`);
    return { type, name };
  });
}

/** The objects that words name, in the namespace of the connection. Throws OperationError when one is not there. */
export async function findObjects(
  api: Api,
  wanted: ReturnType<typeof parseObjects>,
  signal: AbortSignal,
): Promise<CleanTarget[]> {
  const types = await resolveTypes(api, [...new Set(wanted.map(({ type }) => type))], signal);
  const targets = await Promise.all(
    wanted.map(({ type, name }) => {
      const resolved = types.get(type);
      if (resolved === undefined) throw new Error(`the type ${type} was not resolved`);
      return findObject(api, resolved, name, signal);
    }),
  );
  return [...new Map(targets.map((target) => [target.uid, target])).values()];
}

async function findObject(
  api: Api,
  { apiVersion, kind, resource, namespaced }: ResourceType,
  name: string,
  signal: AbortSignal,
): Promise<CleanTarget> {
  const { namespace } = api;
  const ref = { apiVersion, resource, ...(namespaced ? { namespace } : {}), name };
  const object = await getObjectOrUndefined<JsonObject>(api, ref, signal);
  const { group } = splitApiVersion(apiVersion);
  const text = `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name}`;
  const uid = textOf(metadataIn(object)['uid']);
  if (object === undefined || uid === undefined)
    throw new OperationError(`${text} not found${namespaced ? ` in namespace "${namespace}"` : ''}`, {
      advice: `list them with: kubectl get ${resource}${namespaced ? ` -n ${namespace}` : ''}`,
    });
  return { ref, kind, uid, object, text };
}

/** Namespaces of the cluster itself (kubernetes.io, Namespaces, "Initial namespaces"; `default` is anybody's). */
const ofTheCluster = ['kube-system', 'kube-public', 'kube-node-lease'];
/** With these goes more than the object, which nobody saved. */
const wholes: Readonly<Record<string, string>> = {
  Namespace: 'everything in it goes with it, which is not saved',
  CustomResourceDefinition: 'every object of its kind goes with it, which is not saved',
  Node: 'a node is no object that an intruder leaves; drain it and take the machine away',
};

/**
 * Throws OperationError for an object that must not be removed here: one of ours, one with which others go, and without a reason one of
 * the cluster itself. `where` leads the commands that are advised to the cluster.
 */
export function refuseTarget(
  { text, kind, uid, object, ref }: CleanTarget,
  collectorNamespace: string,
  reason: string | undefined,
  where = '',
): void {
  const metadata = metadataIn(object);
  const labels = labelsOf(metadata['labels']);
  if (kind === 'Pod' && labels[podUidLabel] === uid)
    throw new OperationError(`${text} is isolated, and guarded against deletion`, {
      advice: `release it first: ${undoCommand({ namespace: ref.namespace ?? '', name: ref.name }, where)}`,
    });
  const ours = [podUidLabel, ourLabels.role].some((label) => labels[label] !== undefined);
  if (ours || ref.namespace === collectorNamespace)
    throw new OperationError(`${text} is of kubectl-ir and nothing that an intruder left`, {
      advice: 'an isolation is taken back with: kubectl ir release; dead collectors with: kubectl ir cleanup',
    });
  const whole = wholes[kind];
  if (whole !== undefined)
    throw new OperationError(`${text} is not removed: ${whole}`, {
      advice: 'name the objects themselves',
    });
  if (reason !== undefined && reason.trim() !== '') return;
  const builtIn =
    ofTheCluster.includes(ref.namespace ?? '') ||
    ref.name.startsWith('system:') ||
    labels['kubernetes.io/bootstrapping'] !== undefined ||
    kind === 'APIService';
  if (builtIn)
    throw new OperationError(`${text} is of the cluster itself; without it the cluster may stand still`, {
      advice: 'remove it nevertheless, with the reason on record: --even-if REASON',
    });
}

/** The manifest on a node that makes a mirror pod, as an instruction; undefined for any other object (kubernetes.io, Static Pods). */
export function mirrorText({ kind, object, ref }: CleanTarget): string | undefined {
  const annotations = labelsOf(metadataIn(object)['annotations']);
  if (kind !== 'Pod' || annotations['kubernetes.io/config.mirror'] === undefined) return undefined;
  const node = textOf(objectOf(object['spec'])?.['nodeName']) ?? 'its node';
  return `take the manifest of static pod ${ref.name} out of the directory of static pods on ${node}; the kubelet makes it again otherwise`;
}

/** The controller of an object: its uid, and `replicaset/shop-1`. */
export function controllerOf(
  object: JsonObject,
): { readonly uid: string; readonly text: string } | undefined {
  const owner = objectsOf(metadataIn(object)['ownerReferences']).find((one) => one['controller'] === true);
  const [uid, kind, name] = [textOf(owner?.['uid']), textOf(owner?.['kind']), textOf(owner?.['name'])];
  if (uid === undefined || kind === undefined || name === undefined) return undefined;
  return { uid, text: `${kind.toLowerCase()}/${name}` };
}

/** Who made an object that came back: its controller, the manifest of a node, or whom the server names as the last to write it. */
export function makerText(object: JsonObject): string {
  const metadata = metadataIn(object);
  const controller = controllerOf(object);
  if (controller !== undefined) return `${controller.text}, its controller`;
  if (labelsOf(metadata['annotations'])['kubernetes.io/config.mirror'] !== undefined)
    return `a manifest on node ${textOf(objectOf(object['spec'])?.['nodeName']) ?? 'unknown'}`;
  const managers = objectsOf(metadata['managedFields']).map(({ manager, operation, time }) => ({
    ...{ manager: textOf(manager) ?? '', operation: textOf(operation) ?? '', time: textOf(time) ?? '' },
  }));
  const [first] = managers.sort((one, other) => (one.time < other.time ? -1 : 1));
  return first === undefined
    ? 'nobody that the server names'
    : `field manager ${first.manager} (${first.operation})`;
}

/** Where it is asked for. */
export function pathOf({ ref }: CleanTarget): string {
  return objectPath(ref);
}

function metadataIn(object: JsonObject | undefined): JsonObject {
  return objectOf(object?.['metadata']) ?? {};
}
