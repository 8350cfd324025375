import type {
  RbacV1Subject,
  V1APIService,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1DaemonSet,
  V1EndpointSlice,
  V1Job,
  V1MutatingWebhookConfiguration,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1OwnerReference,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
  V1ValidatingWebhookConfiguration,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** A client type as the API's JSON has it: timestamps are RFC 3339 strings, not Date. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer E)[]
    ? Json<E>[]
    : T extends object
      ? { -readonly [K in keyof T]: Json<T[K]> }
      : T;

export type Pod = Json<V1Pod>;
export type Node = Json<V1Node>;
export type Namespace = Json<V1Namespace>;
export type NetworkPolicy = Json<V1NetworkPolicy>;
export type Service = Json<V1Service>;
export type ReplicaSet = Json<V1ReplicaSet>;
export type ConfigMap = Json<V1ConfigMap>;
export type OwnerReference = Json<V1OwnerReference>;
export type StatefulSet = Json<V1StatefulSet>;
export type DaemonSet = Json<V1DaemonSet>;
export type Job = Json<V1Job>;
export type EndpointSlice = Json<V1EndpointSlice>;
export type PodDisruptionBudget = Json<V1PodDisruptionBudget>;
export type HorizontalPodAutoscaler = Json<V2HorizontalPodAutoscaler>;
export type PersistentVolumeClaim = Json<V1PersistentVolumeClaim>;
export type ValidatingWebhookConfiguration = Json<V1ValidatingWebhookConfiguration>;
export type MutatingWebhookConfiguration = Json<V1MutatingWebhookConfiguration>;
export type ApiService = Json<V1APIService>;
export type ServiceAccount = Json<V1ServiceAccount>;
export type Secret = Json<V1Secret>;
export type RoleBinding = Json<V1RoleBinding>;
export type ClusterRoleBinding = Json<V1ClusterRoleBinding>;
/** A ClusterRole, or a Role, which has the same rules. */
export type Role = Json<V1ClusterRole>;
export type RoleSubject = Json<RbacV1Subject>;
export type ValidatingAdmissionPolicy = Json<V1ValidatingAdmissionPolicy>;
export type ValidatingAdmissionPolicyBinding = Json<V1ValidatingAdmissionPolicyBinding>;

/** What every Kubernetes object has. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}
