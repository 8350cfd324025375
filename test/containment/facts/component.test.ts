import { expect } from 'chai';
import { componentsOf } from '../../../src/containment/facts/component.ts';
import { shopPod } from '../subjects.ts';

describe('componentsOf', () => {
  it('sees none in an ordinary pod', () => {
    expect(componentsOf(shopPod())).to.deep.equal([]);
  });

  it('knows those that carry the API or our exec', () => {
    const containers = [{ name: 'a', image: 'registry.example/kas/proxy-agent:v0.1@sha256:x' }];
    const pods = [
      shopPod({ metadata: { labels: { component: 'kube-apiserver' } } }),
      shopPod({ metadata: { labels: { 'k8s-app': 'konnectivity-agent' } } }),
      shopPod({ spec: { containers } }),
    ];
    expect(pods.map((pod) => componentsOf(pod).map(({ name, stops }) => [name, stops]))).to.deep.equal([
      [['API server', true]],
      [['konnectivity agent', true]],
      [['konnectivity agent', true]],
    ]);
  });

  it('knows those that the cluster suffers without', () => {
    const containers = [{ name: 'a', image: 'x' }];
    const hostPath = (path: string): object => ({ containers, volumes: [{ name: 'v', hostPath: { path } }] });
    const pods = [
      shopPod({ metadata: { labels: { 'k8s-app': 'kube-dns' } } }),
      shopPod({ spec: hostPath('/etc/cni/net.d') }),
      shopPod({ spec: hostPath('/var/lib/kubelet/plugins_registry/') }),
    ];
    expect(pods.flatMap((pod) => componentsOf(pod).map(({ name, stops }) => [name, stops]))).to.deep.equal([
      ['cluster DNS', false],
      ['network plugin', false],
      ['storage driver', false],
    ]);
  });
});
