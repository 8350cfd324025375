import type { JsonObject } from '../../artifacts/json.ts';
import { change, type ConfigurationChange, type FieldDifference, type ObjectName } from './change.ts';
import { fieldDifferences, notPrinted } from './field-difference.ts';
import { type HelmRevision, helmRevision } from './helm-record.ts';
import { helmRollback } from './rollback.ts';

/** What Helm's records tell, and how many of them are no records. */
export interface HelmChanges {
  readonly changes: readonly ConfigurationChange[];
  readonly malformed: number;
}

/** The name by which a release stands among objects of the API; it is none itself. */
export function releaseObject(namespace: string, name: string): ObjectName {
  return { apiVersion: 'helm.sh/v1', kind: 'Release', namespace, name };
}

/** Revisions of Helm releases: chart, versions, and which values changed, never what they are. */
export function helmChanges(records: readonly JsonObject[]): HelmChanges {
  const releases = new Map<string, HelmRevision[]>();
  let malformed = 0;
  for (const object of records) {
    const revision = helmRevision(object);
    if (revision === undefined) {
      malformed += 1;
      continue;
    }
    const key = JSON.stringify([revision.namespace, revision.release]);
    releases.set(key, [...(releases.get(key) ?? []), revision]);
  }
  const changes = [...releases.values()].flatMap((revisions) => {
    const ordered = revisions.toSorted((a, b) => a.revision - b.revision);
    return ordered.map((revision, at) => changeOf(revision, ordered.slice(0, at)));
  });
  return { changes, malformed };
}

function changeOf(revision: HelmRevision, earlier: readonly HelmRevision[]): ConfigurationChange {
  const { release, namespace, deployed, record, status } = revision;
  // What never ran, such as an upgrade that failed, is nothing to go back to.
  const before = earlier.findLast((one) => one.status === 'superseded' || one.status === 'deployed');
  const told = {
    time: deployed,
    source: 'helm',
    object: releaseObject(namespace, release),
    aliases: [record],
  } as const;
  const state = status === 'deployed' || status === 'superseded' ? '' : `, ${status}`;
  if (before === undefined)
    return change({
      ...told,
      action: revision.revision === 1 ? 'created' : 'changed',
      what: `Helm revision ${revision.revision} of ${revision.chart} ${revision.version}${state}`,
      noRollback:
        revision.revision === 1
          ? 'it was installed then; there is no revision before it'
          : 'the revision before it is no longer kept',
    });
  return change({
    ...told,
    action: 'changed',
    what: `Helm revision ${before.revision} -> ${revision.revision}${state}`,
    ...differences(before, revision),
    ...helmRollback(release, before.revision, namespace),
  });
}

function differences(
  before: HelmRevision,
  after: HelmRevision,
): { fields: FieldDifference[]; moreFields: number } {
  const facts = (['chart', 'version', 'appVersion'] as const).flatMap((key) =>
    before[key] === after[key]
      ? []
      : [{ path: key === 'chart' ? key : `chart.${key}`, before: before[key], after: after[key] }],
  );
  const values = fieldDifferences(before.values, after.values, 'values');
  const names = values.fields.map(({ path, before: one, after: other }) => ({
    path,
    ...(one === undefined ? {} : { before: notPrinted }),
    ...(other === undefined ? {} : { after: notPrinted }),
  }));
  const manifest =
    before.manifest === after.manifest
      ? []
      : [
          {
            path: 'manifest',
            before: `${before.manifest.length} characters`,
            after: `${after.manifest.length} characters`,
          },
        ];
  return { fields: [...facts, ...names, ...manifest], moreFields: values.moreFields };
}
