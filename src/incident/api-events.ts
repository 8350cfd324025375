import type { ApiAuditEvent } from '../artifacts/api-audit.ts';
import { utcText } from '../artifacts/instant.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../artifacts/json.ts';
import { formatCount } from '../output/count.ts';
import { type EventPlace, messageText, type TimelineEvent } from './event.ts';

/** One stage of a request to the API server. */
export function* apiAuditEvents(event: ApiAuditEvent, { node }: EventPlace): Generator<TimelineEvent> {
  const { time, stage, verb, user, impersonated, sources, uri, resource, subresource, code } = event;
  const what =
    resource === undefined
      ? uri
      : [event.namespace, resource, event.name, subresource].filter((part) => part !== undefined).join('/');
  const as = impersonated === undefined ? '' : ` as ${impersonated}`;
  const answer = code === undefined ? '' : `: ${code}`;
  const isPod = resource === 'pods' && event.namespace !== undefined && event.name !== undefined;
  yield {
    time,
    source: 'api-audit',
    what: 'Recorded Time',
    dataType: 'kubectl-ir:api-audit',
    message: messageText(`${stage} ${verb} ${what} by ${user}${as} from ${sources.join(' ')}${answer}`),
    ...(node === undefined ? {} : { node }),
    ...(isPod ? { pod: messageText(`${event.namespace}/${event.name}`) } : {}),
    ...(user === '' ? {} : { user: messageText(user) }),
  };
}

/** What is read of lists of the API server that an acquisition holds. */
export interface ApiRecords {
  readonly events: readonly TimelineEvent[];
  /** Why some of it is no record. */
  readonly malformed: readonly string[];
}

/**
 * The events (core/v1 and events.k8s.io/v1 `Event`) of a list as the API server gave it: first and last time of each. Their
 * times are those of who reported them, on whichever node, so they are taken as written.
 */
export function apiObjectEvents(list: JsonObject | undefined): ApiRecords {
  const items = list === undefined ? undefined : list['items'];
  if (!Array.isArray(items)) return { events: [], malformed: ['no list of the API server'] };
  const events: TimelineEvent[] = [];
  let without = 0;
  for (const item of items as unknown[]) {
    const found = objectOf(item);
    const made = found === undefined ? [] : eventsOf(found);
    if (made.length === 0) without += 1;
    events.push(...made);
  }
  return {
    events,
    malformed:
      without === 0
        ? []
        : [
            formatCount(
              without,
              'event has no time that can be read',
              'events have no time that can be read',
            ),
          ],
  };
}

function eventsOf(event: JsonObject): TimelineEvent[] {
  const about = objectOf(event['involvedObject'] ?? event['regarding']);
  const series = objectOf(event['series']);
  const count = numberOf(event['count'] ?? event['deprecatedCount'] ?? series?.['count']);
  const time = (value: unknown): string | undefined => utcText(textOf(value) ?? '');
  const first =
    time(event['firstTimestamp'] ?? event['deprecatedFirstTimestamp']) ??
    time(event['eventTime']) ??
    time(objectOf(event['metadata'])?.['creationTimestamp']);
  const last =
    time(event['lastTimestamp'] ?? event['deprecatedLastTimestamp']) ?? time(series?.['lastObservedTime']);
  const [kind, namespace, name] = ['kind', 'namespace', 'name'].map((key) => textOf(about?.[key]) ?? '');
  const reporter =
    textOf(objectOf(event['source'])?.['component']) ??
    textOf(event['reportingController'] ?? event['reportingComponent']);
  const said = textOf(event['message'] ?? event['note']) ?? '';
  const place = [namespace, name].filter((part) => part !== '').join('/');
  const by = reporter === undefined || reporter === '' ? '' : ` by ${reporter}`;
  const subject = [textOf(event['type']), textOf(event['reason']), kind, place];
  const text = `${subject.filter((part) => part !== undefined && part !== '').join(' ')}${by}: ${said}`;
  const times = [...new Set([first, last])].filter((one) => one !== undefined);
  return times.map((one) => ({
    time: one,
    source: 'api-event',
    what: one === first ? 'First Time' : 'Last Time',
    dataType: 'kubectl-ir:api-event',
    message: messageText(one === first || count === undefined ? text : `${text} (${count} times)`),
    ...(kind === 'Pod' ? { pod: messageText(place) } : {}),
  }));
}

/** NAMESPACE/NAME of the pods in a list of the API server by their uids. */
export function podsOfList(list: JsonObject | undefined): Map<string, string> {
  const pods = new Map<string, string>();
  for (const item of listOf(list?.['items'])) {
    const metadata = objectOf(objectOf(item)?.['metadata']);
    const [uid, namespace, name] = ['uid', 'namespace', 'name'].map((key) => textOf(metadata?.[key]) ?? '');
    if (uid !== undefined && uid !== '') pods.set(uid, messageText(`${namespace}/${name}`));
  }
  return pods;
}
