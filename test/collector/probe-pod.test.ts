import { expect } from 'chai';
import { probePod } from '../../src/collector/probe-pod.ts';

describe('probePod', () => {
  const options = {
    name: 'ir-probe-u-1-ab12',
    namespace: 'kubectl-ir',
    image: 'busybox:1',
    subjectUid: 'u-1',
    node: 'node-a',
  };
  const near = probePod({ ...options, place: 'near', pullSecret: 'pull', caseName: 'ir-case' });
  const container = near.spec?.containers[0];

  it('has no right at all, as the restricted standard wants it', () => {
    expect(near.spec).to.deep.include({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(near.spec).to.not.have.any.keys('hostNetwork', 'hostPID', 'hostIPC', 'serviceAccountName');
    expect(near.spec?.securityContext).to.deep.include({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container?.securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(near.spec?.volumes?.map((volume) => Object.keys(volume).join())).to.deep.equal(['name,emptyDir']);
  });

  it('ends itself, and is known as ours and by the pod that it is for', () => {
    expect(container?.command?.slice(-2)).to.deep.equal(['probe', '90']);
    expect(near.spec?.activeDeadlineSeconds).to.be.a('number');
    expect(near.metadata.labels).to.deep.equal({
      'app.kubernetes.io/managed-by': 'kubectl-ir',
      'kubectl-ir/role': 'probe',
      'kubectl-ir/pod-uid': 'u-1',
    });
    expect(near.metadata.annotations).to.deep.equal({ 'kubectl-ir/case': 'ir-case' });
    expect(near.spec?.imagePullSecrets).to.deep.equal([{ name: 'pull' }]);
  });

  it('stands on the node of the pod, or on any other', () => {
    expect(near.spec).to.deep.include({ nodeName: 'node-a', tolerations: [{ operator: 'Exists' }] });
    const far = probePod({ ...options, place: 'far' });
    expect(far.spec).to.not.have.any.keys('nodeName', 'tolerations');
    const required = far.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    expect(required?.nodeSelectorTerms).to.deep.equal([
      { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node-a'] }] },
    ]);
  });
});
