import type { Pod, ReplicaSet } from '../../src/cluster/objects.ts';
import { describeSubject, type Subject, type Surroundings } from '../../src/containment/subject.ts';
import { aNode, aPod } from '../fake-api/builders.ts';

export const uid = '5f0c1e7a-1111-4222-8333-444455556666';
export const ownerUid = '0a0b0c0d-1111-4222-8333-444455556666';

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

/** What is known of the shop pod with one Service in front of it. */
export function shopSubject(pod: Pod = shopPod(), around: Partial<Surroundings> = {}): Subject {
  return describeSubject(pod, {
    node: aNode('node-a'),
    services: [{ metadata: { name: 'shop', namespace: 'default' }, spec: { selector: { app: 'shop' } } }],
    policies: [],
    replicaSet: shopSet(),
    ...around,
  });
}
