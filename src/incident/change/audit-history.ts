import { apiAuditEvent, type ApiAuditEvent } from '../../artifacts/api-audit.ts';
import { jsonObject, type JsonObject, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';
import { change, type ConfigurationChange, type ObjectName, objectKey, type Who } from './change.ts';
import { auditedKind } from './audited-kinds.ts';
import { fieldDifferences, lostFields } from './field-difference.ts';
import { nameOf, objectFacts } from './object-facts.ts';
import { deletion, restoration } from './rollback.ts';

/** Which changes are kept of a log. */
export interface AuditChoice {
  /** RFC 3339 in UTC; the first moment that is wanted. What was before is still read, for what objects were. */
  readonly since: string;
  /** Undefined for all. What is in no namespace is always kept. */
  readonly namespaces?: ReadonlySet<string>;
}

/** What a log can tell of. */
export interface AuditCoverage {
  readonly events: number;
  readonly malformed: number;
  readonly from?: string;
  readonly to?: string;
  /** Changes that it told without what was changed. */
  readonly withoutBody: number;
  /** Changes and states that were more than are kept. */
  readonly forgotten: number;
}

const mostChanges = 20_000;
/** Characters of the lines whose objects are remembered. */
const mostRemembered = 64 * 1024 * 1024;
const verbs: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Subresources by which a specification is changed. */
const subresources: ReadonlySet<string> = new Set(['', 'scale', 'ephemeralcontainers', 'eviction']);
/** The servers of Kubernetes, by their authenticated names. */
const servers =
  /^system:(?:kube-controller-manager|kube-scheduler|apiserver|node:.*|serviceaccount:kube-system:.*)$/;

/** What they make of what others wanted; whatever else one of their accounts changes, somebody may have stolen it for. */
const madeByServers: ReadonlySet<string> = new Set(['Pod', 'Job', 'ServiceAccount', 'ConfigMap']);
/** Those that number the revisions of workloads in the workloads themselves. */
const ownControllers =
  /^system:(?:kube-controller-manager|serviceaccount:kube-system:(?:deployment|daemon-set|statefulset|cronjob)-controller)$/;
const workloads: ReadonlySet<string> = new Set(['Deployment', 'DaemonSet', 'StatefulSet', 'CronJob']);

interface State {
  readonly object: JsonObject;
  readonly size: number;
}

/**
 * Changes that an audit log of the API server tells of (audit.k8s.io/v1), line by line in the order of the log. What an object was
 * before is the answer to the request before; so at level RequestResponse each change has its differences, and what was deleted
 * is still known.
 */
export class AuditHistory {
  readonly #choice: AuditChoice;
  readonly #states = new Map<string, State>();
  readonly #changes: ConfigurationChange[] = [];
  #remembered = 0;
  #events = 0;
  #malformed = 0;
  #withoutBody = 0;
  #forgotten = 0;
  #from: string | undefined;
  #to: string | undefined;

  constructor(choice: AuditChoice) {
    this.#choice = choice;
  }

  /** Counts a line that is too long to be one. */
  addMalformed(): void {
    this.#malformed += 1;
  }

  /** Takes the next line of the log. */
  add(line: Buffer): void {
    if (line.length === 0) return;
    const object = jsonObject(line);
    const event = object === undefined ? undefined : apiAuditEvent(object);
    if (object === undefined || event === undefined) {
      this.#malformed += 1;
      return;
    }
    this.#events += 1;
    if (this.#from === undefined || event.time < this.#from) this.#from = event.time;
    if (this.#to === undefined || event.time > this.#to) this.#to = event.time;
    if (!isDone(event)) return;
    const response = objectOf(object['responseObject']);
    if (event.verb === 'deletecollection') {
      for (const one of objectsOf(response?.['items'])) this.#deletedOne(event, one, line.length);
      return;
    }
    const body = response?.['kind'] === 'Status' ? undefined : response;
    const name = nameIn(event, body);
    if (name !== undefined) this.#changed(event, name, body, line.length);
  }

  /** The changes of the chosen time and namespaces. */
  changes(): readonly ConfigurationChange[] {
    return this.#changes;
  }

  coverage(): AuditCoverage {
    return {
      events: this.#events,
      malformed: this.#malformed,
      withoutBody: this.#withoutBody,
      forgotten: this.#forgotten,
      ...(this.#from === undefined ? {} : { from: this.#from }),
      ...(this.#to === undefined ? {} : { to: this.#to }),
    };
  }

  #deletedOne(event: ApiAuditEvent, item: JsonObject, size: number): void {
    const kind = event.resource === undefined ? undefined : auditedKind(event.resource);
    if (kind === undefined) return;
    // Items of lists lack what the list says of all of them.
    const object = { ...kind, ...item };
    const facts = objectFacts(object);
    if (facts === undefined) return;
    this.#remember(objectKey(facts), object, size);
    this.#changed({ ...event, verb: 'delete' }, nameOf(facts), object, size);
  }

  #changed(event: ApiAuditEvent, name: ObjectName, body: JsonObject | undefined, size: number): void {
    // The answer about a subresource is none about the object.
    const whole = (event.subresource ?? '') === '' || event.subresource === 'ephemeralcontainers';
    const key = objectKey(name);
    const deleted = event.verb === 'delete';
    const remembered = this.#states.get(key)?.object;
    const before = remembered ?? (deleted ? body : undefined);
    const after = deleted || !whole ? undefined : body;
    if (deleted) this.#forget(key);
    else if (after !== undefined) this.#remember(key, after, size);
    if (!this.#isWanted(event, name)) return;
    const made = changeOf(event, name, { before, after: deleted ? undefined : after, deleted });
    if (made === undefined) return;
    if (before === undefined && after === undefined) this.#withoutBody += 1;
    if (this.#changes.length >= mostChanges) {
      this.#changes.shift();
      this.#forgotten += 1;
    }
    this.#changes.push(made);
  }

  #isWanted({ time }: ApiAuditEvent, { namespace }: ObjectName): boolean {
    const { since, namespaces } = this.#choice;
    return (
      time >= since && (namespace === undefined || namespaces === undefined || namespaces.has(namespace))
    );
  }

  #remember(key: string, object: JsonObject, size: number): void {
    this.#forget(key);
    this.#states.set(key, { object, size });
    this.#remembered += size;
    for (const oldest of this.#states.keys()) {
      if (this.#remembered <= mostRemembered || oldest === key) break;
      this.#forget(oldest);
      this.#forgotten += 1;
    }
  }

  #forget(key: string): void {
    this.#remembered -= this.#states.get(key)?.size ?? 0;
    this.#states.delete(key);
  }
}

/** True for an answer to a request that changed something. */
function isDone({ stage, verb, code, subresource = '', uri }: ApiAuditEvent): boolean {
  if (stage !== 'ResponseComplete' || !verbs.has(verb) || !subresources.has(subresource)) return false;
  return code !== undefined && code >= 200 && code < 300 && !/[?&]dryRun=/.test(uri);
}

/** The object of a request; one whose name the server made up is named in the answer only. */
function nameIn(event: ApiAuditEvent, body: JsonObject | undefined): ObjectName | undefined {
  const kind = event.resource === undefined ? undefined : auditedKind(event.resource);
  if (kind === undefined) return undefined;
  const name = event.name ?? textOf(objectOf(body?.['metadata'])?.['name']);
  if (name === undefined || name === '') return undefined;
  return { ...kind, ...(event.namespace === undefined ? {} : { namespace: event.namespace }), name };
}

interface States {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  readonly deleted: boolean;
}

/** Undefined for a request that changed nothing but what nobody set, such as a status. */
function changeOf(
  event: ApiAuditEvent,
  object: ObjectName,
  { before, after, deleted }: States,
): ConfigurationChange | undefined {
  const { time, verb, user } = event;
  const bodies = [before, after].filter((one) => one !== undefined);
  const told = {
    time,
    source: 'audit',
    object,
    who: whoOf(event),
    bodies,
    consequence: isByServer(user, object.kind),
  } as const;
  if (deleted)
    return change({
      ...told,
      action: 'deleted',
      what: before === undefined ? 'deleted; what it was is not in the log' : 'deleted',
      ...(before === undefined ? {} : lostFields(before)),
      ...(before === undefined
        ? { noRollback: 'what it was is not in the log: it has no answer to a request that set it' }
        : restoration('create', before, entryOf(event))),
    });
  if (verb === 'create' && (event.subresource ?? '') === '')
    return change({ ...told, action: 'created', what: 'created', ...deletion(object) });
  const differences =
    before === undefined || after === undefined ? undefined : fieldDifferences(before, after);
  if (differences?.fields.length === 0) return undefined;
  return change({
    ...told,
    action: 'changed',
    what: event.subresource === undefined ? verbText(verb) : `${verbText(verb)} through ${event.subresource}`,
    ...differences,
    ...(before === undefined
      ? { noRollback: 'what it was before is not in the log: it has no answer to a request that set it' }
      : restoration('replace', before, entryOf(event))),
  });
}

function isByServer(user: string, kind: string): boolean {
  return (
    (madeByServers.has(kind) && servers.test(user)) || (workloads.has(kind) && ownControllers.test(user))
  );
}

function entryOf({ id }: ApiAuditEvent): string {
  return `entry ${id} of the audit log`;
}

function verbText(verb: string): string {
  return verb === 'patch' ? 'patched' : verb === 'create' ? 'asked for' : 'updated';
}

function whoOf({ user, impersonated, groups, sources, agent, id }: ApiAuditEvent): Who {
  return {
    user,
    ...(impersonated === undefined ? {} : { impersonated }),
    groups,
    sources,
    ...(agent === undefined ? {} : { agent }),
    auditId: id,
  };
}
