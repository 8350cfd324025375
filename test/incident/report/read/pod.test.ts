import { expect } from 'chai';
import { readPod } from '../../../../src/incident/report/read/pod.ts';

describe('readPod', () => {
  const metadata = {
    uid: 'u',
    namespace: 'prod',
    name: 'web',
    labels: { app: 'web', 'kubectl-ir/pod-uid': 'u' },
    annotations: { 'org.opencontainers.image.revision': 'abc' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }],
  };

  it('has who owns it, as whom it acts, and what it runs', () => {
    const pod = readPod({
      metadata,
      spec: { nodeName: 'node-a', containers: [{ name: 'main', image: 'shop:1' }] },
      status: {
        containerStatuses: [{ name: 'main', imageID: 'shop@sha256:ab', containerID: 'containerd://c0ffee' }],
      },
    });
    expect(pod).to.deep.include({
      node: 'node-a',
      owner: 'ReplicaSet/web-1',
      account: 'default',
      labels: ['app=web'],
      containers: [
        { name: 'main', image: 'shop:1', id: 'c0ffee', imageID: 'shop@sha256:ab', revision: 'abc' },
      ],
    });
  });

  it('names settings that are weak, and none of a pod that has them right', () => {
    const settings = (spec: object): string[] =>
      readPod({ metadata, spec })?.hardening.map(({ setting }) => setting) ?? [];
    expect(
      settings({
        hostPID: true,
        volumes: [{ hostPath: { path: '/etc' } }],
        containers: [{ name: 'c', image: 'shop:1', securityContext: { privileged: true } }],
      }),
    ).to.deep.equal([
      'hostPID: true',
      'hostPath /etc',
      'c: privileged',
      'c: may run as root',
      'c: writable root',
      'c: image by its tag, shop:1',
      'c: no limits',
      'token mounted',
    ]);
    expect(
      settings({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true },
        containers: [
          {
            name: 'c',
            image: `shop@sha256:${'a'.repeat(64)}`,
            resources: { limits: { memory: '1Mi' } },
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
          },
        ],
      }),
    ).to.deep.equal([]);
  });

  it('is none without names', () => {
    expect(readPod({ metadata: { name: 1 }, spec: {} })).to.equal(undefined);
    expect(readPod({ metadata })).to.equal(undefined);
  });
});
