import { gzipSync } from 'node:zlib';
import { type JsonObject, membersBut } from '../../../src/artifacts/json.ts';
import type { ChangeRecords } from '../../../src/incident/change/configuration-changes.ts';

/** Objects of a shop in namespace prod as the API has them, for tests of what changed. */
export const digestA = `sha256:${'a'.repeat(64)}`;
export const digestB = `sha256:${'b'.repeat(64)}`;

/** Members of an object that differ from the builder's; `metadata` is merged. */
export type Differing = Readonly<Record<string, unknown>> & { readonly metadata?: object };

/** Minutes past four on the day of the tests, as the API writes times. */
export function at(minutes: number): string {
  return `2026-11-22T04:${String(minutes).padStart(2, '0')}:00Z`;
}

export function anObject(apiVersion: string, kind: string, name: string, more: Differing = {}): JsonObject {
  return {
    apiVersion,
    kind,
    ...more,
    metadata: {
      name,
      namespace: 'prod',
      uid: `uid-${kind}-${name}`,
      creationTimestamp: at(0),
      ...more.metadata,
    },
  };
}

/** The same in no namespace. */
export function aClusterObject(
  apiVersion: string,
  kind: string,
  name: string,
  more: Differing = {},
): JsonObject {
  const object = anObject(apiVersion, kind, name, more);
  return { ...object, metadata: membersBut(object['metadata'] as JsonObject, 'namespace') };
}

export function ownedBy(kind: string, name: string, apiVersion = 'apps/v1'): object[] {
  return [{ apiVersion, kind, name, uid: `uid-${kind}-${name}`, controller: true }];
}

/** A template with one container `web`. */
export function template(container: object = {}): object {
  return {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'shop:1', ...container }] },
  };
}

export function deployment(more: Differing = {}): JsonObject {
  return anObject('apps/v1', 'Deployment', 'web', more);
}

/** Revision `number` of the deployment, made so many minutes past four. */
export function replicaSet(number: number, minutes: number, container: object = {}): JsonObject {
  const made = template(container) as { metadata: { labels: object } };
  const hash = { ...made.metadata.labels, 'pod-template-hash': `h${number}` };
  return anObject('apps/v1', 'ReplicaSet', `web-${number}`, {
    metadata: {
      creationTimestamp: at(minutes),
      annotations: { 'deployment.kubernetes.io/revision': String(number) },
      ownerReferences: ownedBy('Deployment', 'web'),
    },
    spec: { template: { ...made, metadata: { ...made.metadata, labels: hash } } },
  });
}

/** A pod of that revision that runs the image with a digest since so many minutes past four. */
export function podOf(
  revision: number,
  name: string,
  { digest = digestA, minutes = 1 }: { digest?: string; minutes?: number } = {},
): JsonObject {
  return anObject('v1', 'Pod', name, {
    metadata: {
      labels: { app: 'web' },
      creationTimestamp: at(minutes),
      ownerReferences: ownedBy('ReplicaSet', `web-${revision}`),
    },
    spec: {
      nodeName: 'node-a',
      serviceAccountName: 'shop',
      containers: [{ name: 'web', image: 'registry.example:5000/shop:1' }],
    },
    status: {
      containerStatuses: [
        {
          name: 'web',
          imageID: `registry.example:5000/shop@${digest}`,
          state: { running: { startedAt: at(minutes) } },
        },
      ],
    },
  });
}

/** A Helm release record as Helm writes it into a Secret: base64 of base64 of gzip of JSON. */
export function helmSecret(revision: number, minutes: number, more: object = {}): JsonObject {
  const release = {
    name: 'shop',
    namespace: 'prod',
    version: revision,
    info: { status: 'superseded', last_deployed: at(minutes).replace('Z', '.25+00:00') },
    chart: { metadata: { name: 'shop', version: `1.${revision}.0`, appVersion: '7' }, values: {} },
    config: { image: { tag: '1' }, admin: { password: `secret-${revision}` } },
    manifest: `# revision ${revision}`,
    ...more,
  };
  const packed = gzipSync(Buffer.from(JSON.stringify(release))).toString('base64');
  return anObject('v1', 'Secret', `sh.helm.release.v1.shop.v${revision}`, {
    metadata: { creationTimestamp: at(minutes), labels: { owner: 'helm', name: 'shop' } },
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(packed).toString('base64') },
  });
}

/** Nothing but what is given. */
export function records(some: Partial<ChangeRecords>): ChangeRecords {
  const none = { pods: [], siblings: [], owners: [], revisions: [], objects: [], releases: [], events: [] };
  return { ...none, ...some };
}

/** One line of an audit log: a request that was answered with 200. */
export function auditLine(
  verb: string,
  resource: string,
  name: string | undefined,
  more: Readonly<Record<string, unknown>> & { readonly objectRef?: object } = {},
): Buffer {
  return Buffer.from(
    JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      auditID: `audit-${verb}-${name ?? ''}`,
      stage: 'ResponseComplete',
      requestURI: '/apis',
      verb,
      user: { username: 'jane', groups: ['dev'] },
      sourceIPs: ['198.51.100.7'],
      userAgent: 'kubectl/v1.34.4',
      responseStatus: { code: 200 },
      requestReceivedTimestamp: '2026-11-22T04:10:00.000000Z',
      stageTimestamp: '2026-11-22T04:10:00.100000Z',
      ...more,
      objectRef: { resource, namespace: 'prod', name, ...more.objectRef },
    }),
  );
}
