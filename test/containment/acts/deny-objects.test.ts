import { expect } from 'chai';
import { denyPolicy, groupOf, networkPolicy } from '../../../src/containment/acts/deny-objects.ts';
import { uid } from '../subjects.ts';

describe('deny policies', () => {
  const pod = { namespace: 'prod', uid };

  it('select the one pod by our label and lie beside it', () => {
    for (const policy of [networkPolicy(pod), denyPolicy('cilium', pod), denyPolicy('calico', pod)]) {
      expect(policy.metadata).to.deep.equal({
        name: `ir-${uid}`,
        namespace: 'prod',
        labels: { 'kubectl-ir/pod-uid': uid },
      });
      expect(JSON.stringify(policy.spec)).to.include('kubectl-ir/pod-uid').and.to.include(uid);
    }
    expect([groupOf('cilium'), groupOf('calico')]).to.deep.equal(['cilium.io', 'projectcalico.org']);
  });

  it('never deny what comes from the node itself, which would end the probes of the kubelet', () => {
    const cilium = JSON.stringify(denyPolicy('cilium', pod).spec);
    const [incoming = ''] = /"ingressDeny":.*?"egressDeny"/.exec(cilium) ?? [];
    expect(incoming).to.match(/"world"/);
    for (const entity of ['host', 'all', 'cluster']) expect(incoming).not.to.include(`"${entity}"`);
  });
});
