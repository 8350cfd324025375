import type { ObjectRef } from '../../cluster/path.ts';
import { objectName, podUidLabel } from '../names.ts';
import type { OwnObject } from './own-object.ts';

/** A pod as far as its guards are made from it. */
export interface Guarded {
  readonly namespace: string;
  readonly uid: string;
}

/** The objects that guard a pod. */
export function guardObjects(
  parts: { readonly budget: boolean; readonly policy: boolean },
  pod: Guarded,
): OwnObject[] {
  return [
    ...(parts.budget ? [evictionBudget(pod)] : []),
    ...(parts.policy ? [deletionPolicy(pod), policyBinding(pod)] : []),
  ];
}

/** Where the guards of a pod lie. The binding comes first: without it the policy does nothing. */
export function guardRefs({ namespace, uid }: Guarded): {
  readonly budget: ObjectRef;
  readonly policy: readonly ObjectRef[];
} {
  const name = objectName(uid);
  return {
    budget: { apiVersion: 'policy/v1', resource: 'poddisruptionbudgets', namespace, name },
    policy: [
      { apiVersion: admission, resource: 'validatingadmissionpolicybindings', name },
      { apiVersion: admission, resource: 'validatingadmissionpolicies', name },
    ],
  };
}

const admission = 'admissionregistration.k8s.io/v1';
const message = 'the pod is kept as evidence; undo it with: kubectl ir release POD';

/** Refuses evictions of the one pod with our label (Kubernetes, "Disruptions"). */
function evictionBudget({ namespace, uid }: Guarded): OwnObject {
  const labels = { [podUidLabel]: uid };
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: objectName(uid), namespace, labels },
    spec: { minAvailable: 1, selector: { matchLabels: labels } },
  };
}

/**
 * Refuses to delete the pod and to take our label off it (Kubernetes, "Validating Admission Policy"). It looks at the object as it
 * was, so that a change can't slip out of it. Writes of subresources, such as the kubelet's of the status, pass.
 */
function deletionPolicy({ namespace, uid }: Guarded): OwnObject {
  const key = JSON.stringify(podUidLabel);
  const labels = 'object.metadata.labels';
  const kept = `has(${labels}) && ${key} in ${labels} && ${labels}[${key}] == "${uid}"`;
  return {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: objectName(uid), labels: { [podUidLabel]: uid } },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['DELETE', 'UPDATE'],
            resources: ['pods'],
            scope: 'Namespaced',
          },
        ],
      },
      matchConditions: [{ name: 'this-pod', expression: `oldObject.metadata.uid == "${uid}"` }],
      validations: [
        { expression: 'request.operation != "DELETE"', message, reason: 'Forbidden' },
        { expression: `request.operation != "UPDATE" || (${kept})`, message, reason: 'Forbidden' },
      ],
    },
  };
}

/** Puts the policy in force. */
function policyBinding({ uid }: Guarded): OwnObject {
  return {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: objectName(uid), labels: { [podUidLabel]: uid } },
    spec: { policyName: objectName(uid), validationActions: ['Deny'] },
  };
}
