import { expect } from 'chai';
import { mergeKubeconfigs, parseKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { OperationError } from '../../src/output/errors.ts';

const parse = (text: string) => parseKubeconfig(text, '/etc/kube/config');

describe('parseKubeconfig', () => {
  it('reads clusters, users and contexts', () => {
    const config = parse(`
current-context: a
contexts: [{name: a, context: {cluster: c, user: u, namespace: n}}]
clusters: [{name: c, cluster: {server: "https://h", certificate-authority-data: aGk=, insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: t, as-groups: [g], as-user-extra: {k: [v]}}}]
`);
    expect(config.currentContext).to.equal('a');
    expect(config.contexts.get('a')).to.deep.equal({ cluster: 'c', user: 'u', namespace: 'n' });
    expect(config.clusters.get('c')).to.deep.include({
      server: 'https://h',
      certificateAuthorityData: Buffer.from('hi'),
      insecureSkipTlsVerify: true,
    });
    expect(config.users.get('u')).to.deep.include({ token: 't', asGroups: ['g'], asExtra: { k: ['v'] } });
  });

  it('takes relative paths from the file, and a plugin only when it has a slash', () => {
    const config = parse(`
clusters: [{name: c, cluster: {certificate-authority: ca.crt}}]
users:
- {name: u, user: {client-certificate: pki/u.crt, client-key: /abs/u.key, tokenFile: ../token, exec: {command: ./bin/login}}}
- {name: v, user: {exec: {command: aws}}}
`);
    expect(config.clusters.get('c')?.certificateAuthority).to.equal('/etc/kube/ca.crt');
    expect(config.users.get('u')).to.deep.include({
      clientCertificate: '/etc/kube/pki/u.crt',
      clientKey: '/abs/u.key',
      tokenFile: '/etc/token',
    });
    expect(config.users.get('u')?.exec?.command).to.equal('/etc/kube/bin/login');
    expect(config.users.get('v')?.exec?.command).to.equal('aws');
  });

  it('takes JSON and an empty file', () => {
    expect(parse('{"current-context": "x"}').currentContext).to.equal('x');
    expect(parse('').clusters.size).to.equal(0);
  });

  const wrong = [
    ['clusters: {a: 1}', 'clusters must be a list'],
    ['clusters: [{name: 1}]', 'clusters[0].name must be a string'],
    ['clusters: [{name: c, cluster: {server: 2}}]', 'clusters[0].cluster.server must be a string'],
    ['clusters: [{name: c, cluster: {insecure-skip-tls-verify: "yes"}}]', 'must be true or false'],
    ['users: [{name: u, user: [1]}]', 'users[0].user must be a mapping'],
    ['users: [{name: u, user: {client-key-data: "%%"}}]', 'client-key-data is not base64'],
    ['users: [{name: u}, {name: u}]', 'duplicate name "u" in users'],
    ['foo: [', 'yaml:'],
    ['- a', 'the document must be a mapping'],
  ] as const;
  for (const [text, message] of wrong) {
    it(`refuses ${text}`, () => {
      expect(() => parse(text))
        .to.throw(OperationError)
        .with.property('message')
        .that.includes('error loading config file "/etc/kube/config"')
        .and.includes(message);
    });
  }
});

describe('mergeKubeconfigs', () => {
  it('lets the first current-context and the first definition of a name win, whole', () => {
    const merged = mergeKubeconfigs([
      parse('users: [{name: u, user: {token: first}}]'),
      parse(
        'current-context: b\nusers: [{name: u, user: {token: second, as: x}}, {name: v, user: {token: v}}]',
      ),
      parse('current-context: c'),
    ]);
    expect(merged.currentContext).to.equal('b');
    expect(merged.users.get('u')).to.deep.include({ token: 'first', as: undefined });
    expect(merged.users.get('v')?.token).to.equal('v');
  });
});
