import { gunzipSync } from 'node:zlib';
import { utcText } from '../../artifacts/instant.ts';
import { jsonObject, type JsonObject, numberOf, objectOf, textOf } from '../../artifacts/json.ts';
import { nameOf, objectFacts } from './object-facts.ts';
import type { ObjectName } from './change.ts';

/** One revision of a Helm release: only facts, no values and no templates. */
export interface HelmRevision {
  /** The Secret or ConfigMap that it was read from. */
  readonly record: ObjectName;
  readonly namespace: string;
  readonly release: string;
  readonly revision: number;
  readonly status: string;
  /** RFC 3339 in UTC. */
  readonly deployed: string;
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
  readonly values: JsonObject;
  readonly manifest: string;
}

/** A record is at most 1 MiB, as all objects are; what one unpacks to is held in memory. */
const mostUnpacked = 32 * 1024 * 1024;
/** Names of releases (Helm, pkg/chartutil/validate_name.go). */
const releaseName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** True for what can be the name of a release: 53 characters at most, as Helm has it. */
export function isReleaseName(name: string): boolean {
  return name.length <= 53 && releaseName.test(name);
}

/**
 * Reads a release record of Helm 3 or 4 (pkg/storage/driver/util.go): base64 of gzip of JSON in `data.release` of a ConfigMap, and
 * in a Secret that in base64 once more. Undefined for what is none; it unpacks 32 MiB at most.
 */
export function helmRevision(object: JsonObject): HelmRevision | undefined {
  const facts = objectFacts(object);
  const text = textOf(objectOf(object['data'])?.['release']);
  if (facts === undefined || text === undefined) return undefined;
  const record = decode(facts.kind === 'Secret' ? Buffer.from(text, 'base64').toString('latin1') : text);
  const [info, chart] = [objectOf(record?.['info']), objectOf(record?.['chart'])];
  const metadata = objectOf(chart?.['metadata']);
  const release = textOf(record?.['name']);
  const revision = numberOf(record?.['version']);
  const deployed = utcText(textOf(info?.['last_deployed']) ?? '') ?? facts.created;
  if (record === undefined || release === undefined || !isReleaseName(release)) return undefined;
  if (revision === undefined || !Number.isSafeInteger(revision) || revision < 1 || deployed === '')
    return undefined;
  return {
    record: nameOf(facts),
    namespace: facts.namespace ?? '',
    release,
    revision,
    status: textOf(info?.['status']) ?? '',
    deployed,
    chart: textOf(metadata?.['name']) ?? '',
    version: textOf(metadata?.['version']) ?? '',
    appVersion: textOf(metadata?.['appVersion']) ?? '',
    values: objectOf(record['config']) ?? {},
    manifest: textOf(record['manifest']) ?? '',
  };
}

/** Very old records are not packed. */
function decode(base64: string): JsonObject | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 3) return undefined;
  if (bytes.readUIntBE(0, 3) !== 0x1f8b08) return jsonObject(bytes);
  try {
    return jsonObject(gunzipSync(bytes, { maxOutputLength: mostUnpacked }));
  } catch {
    return undefined;
  }
}
