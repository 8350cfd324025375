import { expect } from 'chai';
import { collectorPod, isRecursivelyReadOnly } from '../../src/collector/pod.ts';
import { running } from './fake-kubelet.ts';

describe('collectorPod', () => {
  const options = {
    name: 'ir-collector-1',
    namespace: 'kubectl-ir',
    node: 'node-a',
    image: 'busybox:1',
    subjectUid: 'none',
    spoolMiB: 64,
  };
  const { spec, metadata } = collectorPod({
    ...options,
    pullSecret: 'pull',
    caseName: 'ir-case',
    subjectUid: 'u-1',
  });
  const container = spec?.containers[0];

  it('is bound to its node, privileged, without token, services or a second life', () => {
    expect(spec).to.deep.include({
      nodeName: 'node-a',
      hostPID: true,
      hostNetwork: true,
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      tolerations: [{ operator: 'Exists' }],
      imagePullSecrets: [{ name: 'pull' }],
    });
    expect(spec?.activeDeadlineSeconds).to.be.a('number');
    expect(spec).not.to.have.property('priorityClassName');
    expect(container?.securityContext).to.deep.include({ privileged: true, readOnlyRootFilesystem: true });
    expect(container?.imagePullPolicy).to.equal('IfNotPresent');
  });

  it('sees the node read-only and counts the spool in its memory limit', () => {
    expect(container?.volumeMounts?.[0]).to.deep.equal({
      name: 'host',
      mountPath: '/host',
      readOnly: true,
      recursiveReadOnly: 'IfPossible',
      mountPropagation: 'None',
    });
    expect(spec?.volumes?.[1]?.emptyDir).to.deep.equal({ medium: 'Memory', sizeLimit: '64Mi' });
    expect(container?.resources).to.deep.equal({
      requests: { cpu: '1m', memory: '16Mi' },
      limits: { memory: '192Mi' },
    });
  });

  it('carries the labels of ours, and the case in an annotation', () => {
    expect(metadata).to.deep.equal({
      name: 'ir-collector-1',
      namespace: 'kubectl-ir',
      labels: {
        'app.kubernetes.io/managed-by': 'kubectl-ir',
        'kubectl-ir/role': 'collector',
        'kubectl-ir/pod-uid': 'u-1',
      },
      annotations: { 'kubectl-ir/case': 'ir-case' },
    });
    expect(collectorPod(options).metadata).not.to.have.property('annotations');
  });

  it('is recursively read-only only when its status says so', () => {
    const pod = collectorPod(options);
    expect(isRecursivelyReadOnly(pod)).to.equal(false);
    expect(isRecursivelyReadOnly(running(pod))).to.equal(true);
  });
});
