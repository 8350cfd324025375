import { expect } from 'chai';
import { isUnconfigured, resolveConnection } from '../../src/cluster/connection.ts';
import type { GlobalConnection } from '../../src/cluster/connection.ts';
import { parseKubeconfig } from '../../src/cluster/kubeconfig.ts';

const config = parseKubeconfig(
  `
current-context: a
contexts:
- {name: a, context: {cluster: c, user: u, namespace: n}}
- {name: b, context: {cluster: d, user: v}}
- {name: no-cluster, context: {cluster: gone, user: u}}
- {name: no-user, context: {cluster: c, user: gone}}
clusters:
- {name: c, cluster: {server: "https://c:6443/base/", certificate-authority-data: aGk=, tls-server-name: sni}}
- {name: d, cluster: {server: "d:8443", certificate-authority: /ca}}
- {name: e, cluster: {}}
users:
- {name: u, user: {tokenFile: /token, client-certificate-data: aGk=, client-key-data: aGk=}}
- {name: v, user: {token: v, as: root, as-groups: [g]}}
- {name: w, user: {client-certificate: /c}}
`,
  '/k/config',
);
const resolve = (flags: GlobalConnection = {}) => resolveConnection(config, flags);

describe('resolveConnection', () => {
  it('follows the current context', () => {
    const connection = resolve();
    expect(connection).to.include({ contextName: 'a', namespace: 'n' });
    expect(connection.server.href).to.equal('https://c:6443/base/');
    expect(connection.user.tokenFile).to.equal('/token');
  });

  it('lets flags choose context, cluster, user and namespace', () => {
    const connection = resolve({ context: 'b', cluster: 'c', user: 'u', namespace: 'x' });
    expect(connection.server.host).to.equal('c:6443');
    expect(connection).to.include({ contextName: 'b', namespace: 'x' });
    expect(connection.user.tokenFile).to.equal('/token');
    expect(resolve({ context: 'b' }).namespace).to.equal('default');
  });

  it('takes https for a server without scheme when anything of TLS is configured', () => {
    expect(resolve({ context: 'b' }).server.href).to.equal('https://d:8443/');
    const bare = resolveConnection(parseKubeconfig('', '/k'), { server: 'h:1' });
    expect(bare.server.href).to.equal('http://h:1/');
  });

  it('forgets the TLS server name with --server, the token file with --token, CA data with a CA flag', () => {
    expect(resolve({ server: 'https://x' }).cluster.tlsServerName).to.equal(undefined);
    expect(resolve({ server: 'https://x', 'tls-server-name': 'y' }).cluster.tlsServerName).to.equal('y');
    expect(resolve({ token: 't' }).user).to.include({ token: 't', tokenFile: undefined });
    expect(resolve({ 'certificate-authority': '/x' }).cluster).to.include({
      certificateAuthority: '/x',
      certificateAuthorityData: undefined,
    });
    expect(resolve({ 'insecure-skip-tls-verify': true }).cluster).to.include({
      insecureSkipTlsVerify: true,
      certificateAuthorityData: undefined,
    });
  });

  it('replaces certificate data by files of flags', () => {
    const { user } = resolve({ 'client-certificate': '/c', 'client-key': '/k' });
    expect(user).to.include({ clientCertificate: '/c', clientCertificateData: undefined, clientKey: '/k' });
  });

  it('lays impersonation of flags over that of the user', () => {
    const { user } = resolve({ context: 'b', as: 'jane', 'as-uid': '7', 'as-group': ['x', 'y'] });
    expect(user).to.deep.include({ as: 'jane', asUid: '7', asGroups: ['x', 'y'] });
    expect(resolve({ context: 'b', as: 'jane' }).user.asGroups).to.deep.equal(['g']);
  });

  it('is kubectl’s localhost without any configuration, and empty flags are no flags', () => {
    const none = resolveConnection(parseKubeconfig('', '/k'), { context: '', server: '', namespace: '' });
    expect([none.server.href, none.contextName, none.namespace]).to.deep.equal([
      'http://localhost:8080/',
      '',
      'default',
    ]);
  });

  const wrong = [
    [{ context: 'x' }, 'context "x" does not exist'],
    [{ cluster: 'x' }, 'cluster "x" does not exist'],
    [{ cluster: 'e' }, 'no server found for cluster "e"'],
    [{ context: 'no-cluster' }, 'cluster "gone" does not exist'],
    [{ user: 'x' }, 'auth info "x" does not exist'],
    [{ context: 'no-user' }, 'auth info "gone" does not exist'],
    [{ 'as-group': ['g'] }, 'requesting uid, groups or user-extra for u without impersonating a user'],
    [
      { user: 'w' },
      'client-key-data or client-key must be specified for w to use the clientCert authentication method.',
    ],
    [
      { 'certificate-authority': '/x', 'insecure-skip-tls-verify': true },
      'specifying a root certificates file with the insecure flag is not allowed (cluster "c")',
    ],
    [{ server: 'ftp://x' }, 'the server "ftp://x" is not an http or https URL'],
  ] as const;
  for (const [flags, message] of wrong) {
    it(`refuses ${JSON.stringify(flags)}`, () => {
      expect(() => resolve(flags)).to.throw(message);
    });
  }
});

describe('isUnconfigured', () => {
  const empty = parseKubeconfig('', '/k');
  it('is true only when neither file nor flag says where', () => {
    expect(isUnconfigured(empty, { namespace: 'x', as: 'y' })).to.equal(true);
    expect(isUnconfigured(empty, { server: 'x' })).to.equal(false);
    expect(isUnconfigured(config, {})).to.equal(false);
  });
});
