import { expect } from 'chai';
import { parseKubeletConfiguration, saysKubelet } from '../../src/artifacts/kubelet-config.ts';
import { survivesHostileBytes } from './hostile.ts';

const sample = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: true}
  webhook: {enabled: false}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: AlwaysAllow}
readOnlyPort: 10255
staticPodPath: /etc/kubernetes/manifests
featureGates: {A: true, B: wrong}
`;

describe('parseKubeletConfiguration', () => {
  it('reads who may use a kubelet, from YAML and JSON', () => {
    const expected = {
      anonymous: true,
      webhook: false,
      clientCA: '/etc/kubernetes/pki/ca.crt',
      authorization: 'AlwaysAllow',
      readOnlyPort: 10255,
      staticPods: '/etc/kubernetes/manifests',
      featureGates: { A: true },
    };
    expect([...parseKubeletConfiguration(Buffer.from(sample))]).to.deep.equal([expected]);
    const json = { kind: 'KubeletConfiguration', readOnlyPort: 0 };
    expect([...parseKubeletConfiguration(Buffer.from(JSON.stringify(json)))]).to.deep.equal([
      { readOnlyPort: 0, featureGates: {} },
    ]);
  });

  it('tells what is no configuration', () => {
    for (const text of ['', 'a: [', 'kind: Pod', '- x', 'kind: KubeletConfiguration\n<<: *a'])
      expect([...parseKubeletConfiguration(Buffer.from(text))], text).to.deep.equal([
        { malformed: 'no configuration of a kubelet', offset: 0 },
      ]);
  });

  it('survives hostile bytes', () => survivesHostileBytes(parseKubeletConfiguration, sample));
});

describe('saysKubelet', () => {
  it('knows one in YAML and JSON, and nothing that only names it', () => {
    for (const text of [
      sample,
      '{"apiVersion":"x","kind":"KubeletConfiguration"}',
      "  kind: 'KubeletConfiguration'",
    ])
      expect(saysKubelet(Buffer.from(text))).to.equal(true);
    for (const text of [
      '',
      'kind: KubeletConfigurationList',
      '# the kind: KubeletConfiguration',
      'kind: Pod',
    ])
      expect(saysKubelet(Buffer.from(text))).to.equal(false);
  });

  it('ends soon on whatever somebody wrote', () => {
    for (const piece of [' ', '\n', ', ', '{', 'kind: ', ',kind', '"'])
      expect(saysKubelet(Buffer.from(piece.repeat(1_000_000 / piece.length)))).to.equal(false);
  });
});
