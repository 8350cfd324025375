import { expect } from 'chai';
import type { Pod } from '../../../src/cluster/objects.ts';
import { nodeReachOf } from '../../../src/containment/facts/node-reach.ts';

type Spec = NonNullable<Pod['spec']>;

describe('nodeReachOf', () => {
  const reach = (container: Partial<Spec['containers'][number]>, spec: Partial<Spec> = {}): string[] =>
    nodeReachOf({ spec: { containers: [{ name: 'web', ...container }], ...spec } });
  const mounting = (path: string): string[] =>
    reach(
      { volumeMounts: [{ name: 'v', mountPath: '/x' }] },
      { volumes: [{ name: 'v', hostPath: { path } }] },
    );

  it('says nothing of an ordinary pod', () => {
    expect(reach({ securityContext: { capabilities: { add: ['CHOWN', 'NET_RAW'] } } })).to.deep.equal([]);
    expect(mounting('/var/log/pods')).to.deep.equal([]);
    expect(mounting('/srv/data')).to.deep.equal([]);
    expect(nodeReachOf({})).to.deep.equal([]);
    expect(reach({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] })).to.deep.equal([]);
  });

  it('knows the ways to the node', () => {
    expect(reach({ securityContext: { privileged: true, capabilities: { add: ['ALL'] } } })).to.deep.equal([
      'container web is privileged',
    ]);
    expect(reach({}, { hostPID: true })).to.deep.equal(['it shares the processes of the node (hostPID)']);
    expect(reach({ securityContext: { capabilities: { add: ['CAP_SYS_ADMIN', 'net_raw'] } } })).to.deep.equal(
      ['container web has SYS_ADMIN'],
    );
    expect(reach({ securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } } })).to.deep.equal([
      'container web has NET_ADMIN',
    ]);
    const initial = { name: 'init', securityContext: { privileged: true } };
    expect(reach({}, { initContainers: [initial] })).to.deep.equal(['container init is privileged']);
    const debugger_ = { name: 'debugger', securityContext: { privileged: true } };
    expect(reach({}, { ephemeralContainers: [debugger_] })).to.deep.equal([
      'container debugger is privileged',
    ]);
  });

  it('knows the directories and sockets that rule a node', () => {
    const ruling = [
      ...['/', '/etc', '/etc/kubernetes/manifests', '/var/run/', '/run/containerd', '/var/lib/kubelet/pods'],
      ...['/proc', '/run/containerd/containerd.sock', '/var/run/docker.sock', '/somewhere/crio.sock'],
      ...['/run/k0s', '/var/snap/microk8s/common/run', '/var/lib/k0s/containerd', '/run/podman'],
    ];
    for (const path of ruling) expect(mounting(path), path).to.have.length(1);
    expect(mounting('/var/run/')).to.deep.equal(['it mounts /var/run of the node']);
    expect(mounting('//')).to.deep.equal(['it mounts / of the node']);
  });
});
