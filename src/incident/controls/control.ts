import type { JsonObject } from '../../artifacts/json.ts';
import type { ControllerRef } from '../workload.ts';

/** The pod that an incident came through, as it was before it was isolated. */
export interface ReviewedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** core/v1 PodSpec and PodStatus, of which nothing is known to be of its type. */
  readonly spec: JsonObject;
  readonly status: JsonObject;
  /** The last controller above it. */
  readonly controller?: ControllerRef;
}

/** What a binding gives the account of the pod: rules of its role (rbac/v1 PolicyRule). */
export interface Granted {
  /** `clusterrolebinding/web`. */
  readonly binding: string;
  /** Absent where the role was not read. */
  readonly rules?: readonly JsonObject[];
}

/** A request to the API server that the account made and that was answered with success. */
export interface UsedRight {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `pods/exec`. */
  readonly resource: string;
}

/** What controls are judged on. What is missing was not looked at, and is never taken for not being there. */
export interface ControlFacts {
  readonly pod: ReviewedPod;
  /** Object of its namespace. */
  readonly namespace?: JsonObject;
  /** NetworkPolicies and PodDisruptionBudgets of its namespace, without those of an isolation. */
  readonly policies?: readonly JsonObject[];
  readonly budgets?: readonly JsonObject[];
  /** Object of its ServiceAccount. */
  readonly account?: JsonObject;
  /** What its account may do beyond what everybody may. */
  readonly grants?: readonly Granted[];
  /** Command lines of API servers. */
  readonly apiServers?: readonly (readonly string[])[];
  /** What its account used, as an audit log tells; missing where none was seen. */
  readonly used?: readonly UsedRight[];
}

/** An object to be applied, or a part of one: `kubectl apply --server-side`. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** How a control stands: `missing` it, or a weak one; `in place`; `not meant` for such a pod; or nobody looked. */
export type ControlState = 'missing' | 'in place' | 'not meant' | 'not looked at';

export interface ControlJudgement {
  readonly state: ControlState;
  /** What was seen, or why it was not looked at; a sentence without a full stop. */
  readonly seen: string;
  /** What would have prevented it; of a control that is missing. */
  readonly manifest?: Manifest;
  /** What is to be done where the API server can't do it. */
  readonly byHand?: string;
}

/** A control that an intruder meets or does not meet. */
export interface Control {
  /** As in `-o name`; kept for ever. */
  readonly id: string;
  readonly title: string;
  /** Rules whose findings show that an incident used that it was missing. */
  readonly rules: readonly string[];
  readonly judge: (facts: ControlFacts) => ControlJudgement;
}
