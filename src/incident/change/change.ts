import type { JsonObject } from '../../artifacts/json.ts';
import { resourceOfKind, splitApiVersion } from '../../cluster/path.ts';

/** One object of the API, as far as it is needed to tell it from others. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for what is in no namespace. */
  readonly namespace?: string;
  readonly name: string;
}

/** One field that is not what it was. */
export interface FieldDifference {
  /** Such as `spec.template.spec.containers[web].securityContext.privileged`. */
  readonly path: string;
  /** As JSON, cut where it is long; absent when the field was not there. */
  readonly before?: string;
  readonly after?: string;
}

/** Who made a request, as the API server authenticated him: only an audit log has that. */
export interface Who {
  readonly user: string;
  readonly impersonated?: string;
  readonly groups: readonly string[];
  readonly sources: readonly string[];
  /** What the client said of itself. */
  readonly agent?: string;
  readonly auditId: string;
}

export type ChangeSource = 'rollout' | 'image' | 'helm' | 'object' | 'event' | 'audit' | 'baseline';

/** One change of configuration, from whatever record it is known. All texts may be an attacker's. */
export interface ConfigurationChange {
  /** RFC 3339 in UTC, by the clock of the API server. */
  readonly time: string;
  /** True when it is known to have happened by then, not when. */
  readonly atLatest?: true;
  readonly source: ChangeSource;
  readonly object: ObjectName;
  readonly action: 'created' | 'changed' | 'deleted';
  /** In a few words, such as `revision 1 -> 2`. */
  readonly what: string;
  readonly fields: readonly FieldDifference[];
  /** Differences beyond those in `fields`. */
  readonly moreFields: number;
  /** Fields of which some were changed; which, is not known. */
  readonly among: readonly string[];
  /** What the client called itself: anyone may call himself anything. */
  readonly claims?: string;
  readonly who?: Who;
  /** Ready to be pasted into a POSIX shell. */
  readonly rollback?: string;
  /** Why there is no such command. */
  readonly noRollback?: string;
  /** True for what controllers did because of another change. */
  readonly consequence: boolean;
  /** Other objects that tell of the same change, such as the Secret of a Helm release. */
  readonly aliases: readonly ObjectName[];
  /** What is known of the object, so that it can be related to pods. */
  readonly bodies: readonly JsonObject[];
}

/** A change with what every source leaves empty filled in. */
export function change(
  parts: Pick<ConfigurationChange, 'time' | 'source' | 'object' | 'action' | 'what'> &
    Partial<ConfigurationChange>,
): ConfigurationChange {
  return { fields: [], moreFields: 0, among: [], consequence: false, aliases: [], bodies: [], ...parts };
}

/** The same for two names of the same object, whatever the version of its API. */
export function objectKey({ apiVersion, kind, namespace = '', name }: ObjectName): string {
  return JSON.stringify([splitApiVersion(apiVersion).group, resourceOfKind(kind), namespace, name]);
}

/** `deployment/web`. */
export function objectText({ kind, name }: ObjectName): string {
  return `${kind.toLowerCase()}/${name}`;
}
