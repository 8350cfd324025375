import { expect } from 'chai';
import { isCredential, weightOf } from '../../src/findings/sensitive-places.ts';

describe('sensitive places of a node', () => {
  it('weigh by what is run or kept there', () => {
    expect(weightOf('/')).to.equal('root');
    expect(weightOf('/etc/cron.d')).to.equal('persistence');
    expect(weightOf('/usr')).to.equal('persistence');
    expect(weightOf('/var/log')).to.equal('state');
    expect(weightOf('/var/lib/kubelet')).to.equal('state');
    expect(weightOf('/var/lib/kubelet/pods')).to.equal('state');
  });
  it('are not what every container is given', () => {
    for (const place of [
      '/var/lib/kubelet/pods/1-2/etc-hosts',
      '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/1/hosts',
      '/run/containerd/io.containerd.grpc.v1.cri/sandboxes/1/shm',
      '/srv/data',
      '/etcetera',
    ])
      expect(weightOf(place), place).to.equal(undefined);
  });
  it('hold credentials', () => {
    for (const place of [
      '/etc/shadow',
      '/etc/kubernetes/admin.conf',
      '/var/lib/kubelet/pki/kubelet-client-current.pem',
      '/var/lib/kubelet/pods/1-2/volumes/kubernetes.io~projected/kube-api-access/token',
      '/root/.ssh/id_ed25519',
    ])
      expect(isCredential(place), place).to.equal(true);
    for (const place of ['/etc/passwd', '/srv/etc/shadow', '/etc/kubernetes/pki/ca.crt'])
      expect(isCredential(place), place).to.equal(false);
  });
});
