import { utcText } from '../../artifacts/instant.ts';
import { type JsonObject, objectOf, textOf } from '../../artifacts/json.ts';
import { change, type ConfigurationChange, type ObjectName } from './change.ts';

/** Reasons of Events that tell of configuration: what controllers made of it, and what was refused. */
const reasons: ReadonlySet<string> = new Set([
  ...['ScalingReplicaSet', 'SuccessfulRescale', 'FailedCreate', 'ReplicaSetCreateError', 'RolloutPaused'],
  ...['Evicted', 'Preempted', 'TaintManagerEviction', 'DeploymentRollback', 'FailedBinding'],
]);
const longestNote = 300;

/** Events (core/v1 and events.k8s.io/v1) that tell what controllers did with a configuration. */
export function controllerEvents(events: readonly JsonObject[]): ConfigurationChange[] {
  return events.flatMap((event) => {
    const about = objectOf(event['involvedObject'] ?? event['regarding']);
    const reason = textOf(event['reason']) ?? '';
    const [kind, name, namespace] = ['kind', 'name', 'namespace'].map((key) => textOf(about?.[key]));
    const time = timeOf(event);
    if (!reasons.has(reason) || kind === undefined || name === undefined || time === undefined) return [];
    const object: ObjectName = {
      apiVersion: textOf(about?.['apiVersion']) ?? 'v1',
      kind,
      name,
      ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    };
    const reporter = textOf(objectOf(event['source'])?.['component'] ?? event['reportingComponent']);
    const note = textOf(event['message'] ?? event['note']) ?? '';
    return [
      change({
        time,
        source: 'event',
        object,
        action: 'changed',
        what: `${reason}: ${note.slice(0, longestNote)}`,
        ...(reporter === undefined || reporter === '' ? {} : { claims: reporter }),
        consequence: true,
        noRollback: 'an event tells what was done, not what it was before',
      }),
    ];
  });
}

function timeOf(event: JsonObject): string | undefined {
  const series = objectOf(event['series']);
  const values = [
    event['lastTimestamp'] ?? event['deprecatedLastTimestamp'],
    series?.['lastObservedTime'],
    event['eventTime'],
    event['firstTimestamp'],
    objectOf(event['metadata'])?.['creationTimestamp'],
  ];
  return values.map((value) => utcText(textOf(value) ?? '')).find((time) => time !== undefined);
}
