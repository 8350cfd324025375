import { utcText } from './instant.ts';
import { type JsonObject, jsonObject, numberOf, objectOf, textOf, textsOf } from './json.ts';
import { type Malformed, lines } from './lines.ts';
import { present } from './present.ts';

/** One event of the API server's audit log: audit.k8s.io/v1 `Event`. Texts are the client's to choose where it says so. */
export interface ApiAuditEvent {
  readonly id: string;
  readonly stage: string;
  /** Of the stage; RFC 3339 in UTC with microseconds. */
  readonly time: string;
  readonly received?: string;
  readonly verb: string;
  readonly user: string;
  readonly groups: readonly string[];
  /** Whom the user acted as. */
  readonly impersonated?: string;
  readonly sources: readonly string[];
  /** What the client says of itself. */
  readonly agent?: string;
  readonly uri: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** HTTP status of the answer. */
  readonly code?: number;
  /** `allow` or `forbid`, and why. */
  readonly decision?: string;
  readonly reason?: string;
}

/** The events of a file, one JSON object a line. */
export function* parseApiAudit(bytes: Buffer): Generator<ApiAuditEvent | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    if (line.length === 0) continue;
    const object = jsonObject(line);
    yield (object && apiAuditEvent(object)) ?? { malformed: 'no event of the API audit log', offset };
  }
}

/** Reads one event; undefined when it is none. */
export function apiAuditEvent(event: JsonObject): ApiAuditEvent | undefined {
  const id = textOf(event['auditID']);
  const stage = textOf(event['stage']);
  const verb = textOf(event['verb']);
  const uri = textOf(event['requestURI']);
  const received = utcText(textOf(event['requestReceivedTimestamp']) ?? '');
  const time = utcText(textOf(event['stageTimestamp']) ?? '') ?? received;
  if (event['kind'] !== 'Event' || time === undefined) return undefined;
  if (id === undefined || stage === undefined || verb === undefined || uri === undefined) return undefined;
  const user = objectOf(event['user']);
  const object = objectOf(event['objectRef']);
  const annotations = objectOf(event['annotations']);
  const optional = {
    received,
    impersonated: textOf(objectOf(event['impersonatedUser'])?.['username']),
    agent: textOf(event['userAgent']),
    resource: textOf(object?.['resource']),
    subresource: textOf(object?.['subresource']),
    namespace: textOf(object?.['namespace']),
    name: textOf(object?.['name']),
    code: numberOf(objectOf(event['responseStatus'])?.['code']),
    decision: textOf(annotations?.['authorization.k8s.io/decision']),
    reason: textOf(annotations?.['authorization.k8s.io/reason']),
  };
  return {
    id,
    stage,
    time,
    verb,
    user: textOf(user?.['username']) ?? '',
    groups: textsOf(user?.['groups']),
    sources: textsOf(event['sourceIPs']),
    uri,
    ...present(optional),
  };
}
