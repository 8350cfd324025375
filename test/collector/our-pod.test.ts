import { expect } from 'chai';
import { ourPod } from '../../src/collector/our-pod.ts';

describe('ourPod', () => {
  const options = { name: 'ir-x', namespace: 'kubectl-ir', image: 'busybox:1', subjectUid: 'u-1' };

  it('has no token, ends by itself, and is known by its role and by what it is about', () => {
    const pod = ourPod(options, 'probe', { containers: [], nodeName: 'node-a' });
    expect(pod.metadata).to.deep.equal({
      ...{ name: 'ir-x', namespace: 'kubectl-ir' },
      labels: {
        'app.kubernetes.io/managed-by': 'kubectl-ir',
        'kubectl-ir/role': 'probe',
        'kubectl-ir/pod-uid': 'u-1',
      },
    });
    expect(pod.spec).to.include({
      ...{ nodeName: 'node-a', restartPolicy: 'Never', automountServiceAccountToken: false },
      activeDeadlineSeconds: 14_400,
    });
    expect(pod.spec).not.to.have.property('imagePullSecrets');
  });
});
