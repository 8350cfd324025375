import { affectedBy } from '../../incident/change/affected.ts';
import { AuditHistory } from '../../incident/change/audit-history.ts';
import { objectText } from '../../incident/change/change.ts';
import { configurationChanges } from '../../incident/change/configuration-changes.ts';
import { objectFacts } from '../../incident/change/object-facts.ts';
import type { RankedChange } from '../../incident/change/ranked-changes.ts';
import { earlier } from '../../incident/moment.ts';
import { excerpt } from '../../incident/report/excerpt.ts';
import type { Cause, OriginPart } from '../../incident/report/facts/origin.ts';
import { present } from '../../artifacts/present.ts';
import { readLogsOfCase } from '../changes-audit.ts';
import { readCase } from '../changes-case.ts';
import type { OpenAcquisition } from '../timeline-sources.ts';
import type { Trouble } from './open-case.ts';

/** As far back as `changes` looks by default. */
const lookBackMs = 48 * 3_600_000;
const mostCauses = 20;

/**
 * The configuration changes before a case was opened, nearest to its workloads (`NAMESPACE/NAME`) first. Undefined when the
 * case does not have the object of one of them, or no time. Commands that undo them are for `changes` to print: one of them
 * deletes the pod that is the evidence.
 */
export async function readOrigin(
  { name, created }: { readonly name: string; readonly created: string },
  acquisitions: readonly OpenAcquisition[],
  workloads: ReadonlySet<string>,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<OriginPart | undefined> {
  const since = earlier(created, lookBackMs);
  if (since === undefined) return undefined;
  const { records: all, logs, damaged, notSeen } = await readCase(acquisitions);
  trouble.damaged.push(...damaged);
  const pods = all.pods.filter((pod) => {
    const facts = objectFacts(pod);
    return facts !== undefined && workloads.has(`${facts.namespace ?? ''}/${facts.name}`);
  });
  if (pods.length === 0) return undefined;
  const records = { ...all, pods };
  const namespaces = [...new Set(pods.map((pod) => objectFacts(pod)?.namespace ?? ''))];
  const affected = affectedBy(records.pods, records.owners, namespaces);
  const audit = logs.length === 0 ? undefined : new AuditHistory({ since, namespaces: affected.namespaces });
  if (audit !== undefined) await readLogsOfCase(audit, logs, trouble, signal);
  const { ranked } = configurationChanges(records, namespaces, audit, {
    since,
    incident: created,
    over: true,
  });
  return {
    since,
    causes: excerpt(ranked.map(causeOf), mostCauses, `kubectl ir changes ${name}`),
    notSeen,
  };
}

function causeOf({ change, reason }: RankedChange): Cause {
  const { time, atLatest, object, action, what, who, claims } = change;
  return {
    time,
    atLatest: atLatest === true,
    object:
      object.namespace === undefined ? objectText(object) : `${objectText(object)} in ${object.namespace}`,
    action,
    what,
    reason,
    ...present({ who: who?.user, claims }),
  };
}
