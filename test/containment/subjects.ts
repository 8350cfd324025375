import type { Pod, ReplicaSet } from '../../src/cluster/objects.ts';
import { detachmentOf, outlookOf } from '../../src/containment/outlook.ts';
import type { KnownPeers } from '../../src/containment/peers.ts';
import type { Prospect } from '../../src/containment/plan.ts';
import { describeSubject, type Subject } from '../../src/containment/subject.ts';
import type { Surroundings } from '../../src/containment/surroundings.ts';
import { aNode, aPod } from '../fake-api/builders.ts';

export const uid = '5f0c1e7a-1111-4222-8333-444455556666';
export const ownerUid = '0a0b0c0d-1111-4222-8333-444455556666';

/** Nothing to try new connections to. */
export const noPeers: KnownPeers = { out: [], services: [], node: [] };

/** A pod of replicaset/shop-1 with a web server that is probed. */
export function shopPod(
  changes: { spec?: Partial<Pod['spec']>; metadata?: Partial<Pod['metadata']> } = {},
): Pod {
  const pod = aPod('shop-1-x');
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      uid,
      labels: { app: 'shop', 'pod-template-hash': '1', tier: 'web' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'shop-1', uid: ownerUid, controller: true },
      ],
      ...changes.metadata,
    },
    spec: {
      nodeName: 'node-a',
      containers: [
        {
          name: 'web',
          image: 'registry.example/shop:1',
          ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9100 }],
          livenessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 2 },
        },
      ],
      ...changes.spec,
    },
  };
}

export function shopSet(changes: Partial<ReplicaSet['spec']> = {}): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'shop-1',
      namespace: 'default',
      uid: ownerUid,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', uid: ownerUid, controller: true },
      ],
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'shop', 'pod-template-hash': '1' } },
      ...changes,
    },
    status: { replicas: 2, readyReplicas: 2 },
  };
}

/** What is around the shop pod: its ReplicaSet and one Service, with one other ready endpoint. */
export function shopSurroundings(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    groups: new Map(),
    node: aNode('node-a'),
    owner: shopSet(),
    services: [{ metadata: { name: 'shop', namespace: 'default' }, spec: { selector: { app: 'shop' } } }],
    slices: [
      {
        addressType: 'IPv4',
        metadata: { labels: { 'kubernetes.io/service-name': 'shop' } },
        endpoints: [{ addresses: ['10.244.1.7'], targetRef: { uid } }, { addresses: ['10.244.1.8'] }],
      },
    ],
    policies: [],
    adopters: [],
    budgets: [],
    autoscalers: [],
    claims: [],
    pods: [],
    backends: { webhooks: [], apiServices: [], definitions: [] },
    gaps: [],
    ...changes,
  };
}

/** What is known of the shop pod with one Service in front of it. */
export function shopSubject(pod: Pod = shopPod(), around: Partial<Surroundings> = {}): Subject {
  return describeSubject(pod, shopSurroundings(around));
}

/** The same with what would come of its isolation. */
export function shopProspect(
  pod: Pod = shopPod(),
  around: Partial<Surroundings> = {},
  detach = false,
): Prospect {
  const surroundings = shopSurroundings(around);
  const subject = describeSubject(pod, surroundings);
  const detachment = detachmentOf(subject.owner, detach);
  const now = new Date('2026-11-22T04:15:00Z');
  const outlook = outlookOf(pod, subject, surroundings, { detachment, now });
  return { subject, outlook, groups: surroundings.groups, mayNot: new Map(), peers: noPeers };
}
