import type { ObjectRef } from '../../cluster/path.ts';
import { checkedUid, podUidLabel } from '../names.ts';
import type { OwnObject } from './own-object.ts';

const admission = 'admissionregistration.k8s.io/v1';

/** Name of the policy against the tokens of one pod, and of its binding. */
export function tokenPolicyName(uid: string): string {
  return `ir-token-${checkedUid(uid)}`;
}

/** Name of a ConfigMap that the policy refuses as a dry run, by which it is seen to be in force; it never exists. */
export function tokenTrialName(uid: string): string {
  return `ir-token-trial-${checkedUid(uid)}`;
}

/** Where the objects of `tokenObjects` lie. The binding comes first: without it the policy does nothing. */
export function tokenRefs(uid: string): readonly ObjectRef[] {
  const name = tokenPolicyName(uid);
  return [
    { apiVersion: admission, resource: 'validatingadmissionpolicybindings', name },
    { apiVersion: admission, resource: 'validatingadmissionpolicies', name },
  ];
}

/**
 * A policy that refuses every write of a token that is bound to the pod (Kubernetes, "Managing Service Accounts": the API server
 * puts the pod's uid into the user's extra fields), and its binding.
 */
export function tokenObjects(uid: string): OwnObject[] {
  const name = tokenPolicyName(uid);
  const metadata = { name, labels: { [podUidLabel]: uid } };
  const key = '"authentication.kubernetes.io/pod-uid"';
  const extra = 'request.userInfo.extra';
  const theirs = `has(${extra}) && ${key} in ${extra} && "${checkedUid(uid)}" in ${extra}[${key}]`;
  const trial = `has(request.dryRun) && request.dryRun && request.name == "${tokenTrialName(uid)}"`;
  const every = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'], scope: '*' };
  return [
    {
      apiVersion: admission,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [every] },
        matchConditions: [{ name: 'tokens-of-this-pod', expression: `(${theirs}) || (${trial})` }],
        validations: [
          {
            expression: 'false',
            message: 'the pod that this token is bound to is isolated; undo it with: kubectl ir release POD',
            reason: 'Forbidden',
          },
        ],
      },
    },
    {
      apiVersion: admission,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
