import type {
  V1ConfigMap,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1OwnerReference,
  V1Pod,
  V1ReplicaSet,
  V1Service,
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
