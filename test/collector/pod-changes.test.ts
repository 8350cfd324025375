import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import { podChanges } from '../../src/collector/pod-changes.ts';
import { collectorPod } from '../../src/collector/pod.ts';

type Spec = NonNullable<Pod['spec']>;

describe('podChanges', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const sent = collectorPod({
    name: 'ir-collector-1',
    namespace: 'kubectl-ir',
    node: 'node-a',
    image: `busybox:1@${digest}`,
    subjectUid: 'none',
    spoolMiB: 64,
  });
  /** What an API server returns without any webhook. */
  const returned = (change: (spec: Spec, pod: Pod) => void = () => undefined): Pod => {
    const pod = structuredClone(sent) as Pod & { spec: Spec };
    Object.assign(pod.spec, {
      schedulerName: 'default-scheduler',
      serviceAccount: 'default',
      serviceAccountName: 'default',
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      securityContext: {},
    });
    Object.assign(pod.spec.containers[0] ?? {}, {
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    });
    Object.assign(pod.spec.volumes?.[0]?.hostPath ?? {}, { type: '' });
    Object.assign(pod.metadata ?? {}, { uid: 'u-1', creationTimestamp: '2026-11-22T04:00:00Z' });
    change(pod.spec, pod);
    return pod;
  };

  it('finds nothing where the server only filled in its defaults', () => {
    expect(podChanges(sent, returned())).to.deep.equal({ all: [], serious: [] });
  });

  const serious: [string, (spec: Spec) => void][] = [
    ['spec.containers[0].image', (spec) => Object.assign(spec.containers[0] ?? {}, { image: 'evil:1' })],
    [
      'spec.containers[0].securityContext.privileged',
      (spec) => delete spec.containers[0]?.securityContext?.privileged,
    ],
    ['spec.containers[0].command[2]', (spec) => spec.containers[0]?.command?.splice(2, 1, 'evil')],
    [
      'spec.containers[0].env',
      (spec) => Object.assign(spec.containers[0] ?? {}, { env: [{ name: 'LD_PRELOAD', value: 'x' }] }),
    ],
    ['spec.containers[1]', (spec) => spec.containers.push({ name: 'sidecar' })],
    ['spec.initContainers', (spec) => (spec.initContainers = [{ name: 'init' }])],
    ['spec.hostPID', (spec) => delete spec.hostPID],
    ['spec.hostUsers', (spec) => (spec.hostUsers = false)],
    ['spec.runtimeClassName', (spec) => (spec.runtimeClassName = 'gvisor')],
    ['spec.volumes[2]', (spec) => spec.volumes?.push({ name: 'token' })],
    [
      'spec.containers[0].volumeMounts[0].readOnly',
      (spec) => delete spec.containers[0]?.volumeMounts?.[0]?.readOnly,
    ],
    ['spec.nodeName', (spec) => (spec.nodeName = 'node-b')],
  ];
  for (const [path, change] of serious) {
    it(`does not accept a changed ${path}`, () => {
      expect(podChanges(sent, returned(change))).to.deep.equal({ all: [path], serious: [path] });
    });
  }

  const harmless: [string, (spec: Spec, pod: Pod) => void][] = [
    ['spec.tolerations[1]', (spec) => spec.tolerations?.push({ key: 'a', operator: 'Exists' })],
    ['spec.priorityClassName', (spec) => (spec.priorityClassName = 'low')],
    ['spec.imagePullSecrets', (spec) => (spec.imagePullSecrets = [{ name: 'mirror' }])],
    [
      'spec.containers[0].resources.limits.cpu',
      (spec) => Object.assign(spec.containers[0]?.resources?.limits ?? {}, { cpu: '1' }),
    ],
    [
      'spec.containers[0].volumeMounts[0].recursiveReadOnly',
      (spec) => delete spec.containers[0]?.volumeMounts?.[0]?.recursiveReadOnly,
    ],
    ['metadata.labels.team', (_, pod) => Object.assign(pod.metadata?.labels ?? {}, { team: 'x' })],
    [
      'spec.containers[0].image',
      (spec) => Object.assign(spec.containers[0] ?? {}, { image: `mirror.example/busybox@${digest}` }),
    ],
  ];
  for (const [path, change] of harmless) {
    it(`notes and accepts a changed ${path}`, () => {
      expect(podChanges(sent, returned(change))).to.deep.equal({ all: [path], serious: [] });
    });
  }
});
