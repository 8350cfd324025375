import { type JsonObject, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';
import type { ControlFacts, ControlJudgement, Manifest, ReviewedPod } from './control.ts';

/** Kinds that make pods of a template, and where they have it. */
const templates: Readonly<Record<string, { readonly apiVersion: string; readonly at: readonly string[] }>> = {
  Deployment: { apiVersion: 'apps/v1', at: ['template'] },
  ReplicaSet: { apiVersion: 'apps/v1', at: ['template'] },
  StatefulSet: { apiVersion: 'apps/v1', at: ['template'] },
  DaemonSet: { apiVersion: 'apps/v1', at: ['template'] },
  CronJob: { apiVersion: 'batch/v1', at: ['jobTemplate', 'spec', 'template'] },
};

/** Labels that controllers put on pods by themselves, which tell one pod or one template from another (kubernetes.io, Well-Known Labels). */
const ofOnePod =
  /^(?:pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*|kubectl-ir\/.*)$/;

/** Labels of a pod that its successors have, too. */
export function lastingLabels({ labels }: ReviewedPod): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !ofOnePod.test(key)));
}

/** The name that pod and successors have in common, for objects around them. */
export function lastingName({ controller, name }: ReviewedPod): string {
  return controller?.name ?? name;
}

/** Regular containers of a pod. */
export function containersOf({ spec }: ReviewedPod): JsonObject[] {
  return objectsOf(spec['containers']);
}

export function nameOf(object: JsonObject): string {
  return textOf(object['name']) ?? '';
}

/** A judgement on a field of the pod that its controller's template sets: the part of that template, where there is one. */
export function inTemplate({ pod }: ControlFacts, seen: string, fields: JsonObject): ControlJudgement {
  const manifest = templatePart(pod, fields);
  if (manifest !== undefined) return { state: 'missing', seen, manifest };
  const byHand = `in the manifest that pod "${pod.name}" was made from, as the fields of a pod stay as they are: ${JSON.stringify(fields)}`;
  return { state: 'missing', seen, byHand };
}

function templatePart({ namespace, controller }: ReviewedPod, fields: JsonObject): Manifest | undefined {
  const { apiVersion, at } = templates[controller?.kind ?? ''] ?? {};
  if (controller === undefined || apiVersion === undefined || at === undefined) return undefined;
  const spec = at.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), { spec: fields });
  return { apiVersion, kind: controller.kind, metadata: { name: controller.name, namespace }, spec };
}

/** `securityContext` of a pod or container. */
export function contextOf(object: JsonObject): JsonObject {
  return objectOf(object['securityContext']) ?? {};
}

/** A control that is there. */
export function inPlace(seen: string): ControlJudgement {
  return { state: 'in place', seen };
}

/** A control of which nothing is known, and why. */
export function notLookedAt(seen: string): ControlJudgement {
  return { state: 'not looked at', seen };
}

/** A control that is not for such a pod, and why. */
export function notMeant(seen: string): ControlJudgement {
  return { state: 'not meant', seen };
}
