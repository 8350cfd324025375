import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { connect } from '../../src/cluster/connect.ts';
import { startFakeApi, tlsFixture } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { startFakeProxy } from '../fake-api/fake-proxy.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

describe('connect', () => {
  let fake: FakeApi;
  let dir: string;
  beforeEach(async () => {
    fake = await startFakeApi({ tls: true });
    dir = await mkdtemp(path.join(tmpdir(), 'connect-'));
  });
  afterEach(async () => {
    await fake.close();
    await rm(dir, { recursive: true });
  });

  const version = async (flags: Parameters<typeof connect>[1], env: Record<string, string> = {}) => {
    const api = await connect(memoryIo({ env }), { server: fake.url, ...flags });
    try {
      return await api.json<{ major: string }>({ path: '/version' });
    } finally {
      await api.close();
    }
  };
  const trusted = { 'certificate-authority': fixture('ca.crt') };

  it('verifies the server with the given authority, and sends the client certificate', async () => {
    const flags = {
      ...trusted,
      'client-certificate': fixture('client.crt'),
      'client-key': fixture('client.key'),
    };
    expect((await version(flags)).major).to.equal('1');
    expect(fake.requests[0]?.clientName).to.equal('jane');
    expect((await version(trusted)).major).to.equal('1');
    expect(fake.requests[1]?.clientName).to.equal(undefined);
  });

  it('reads the same from a kubeconfig with data in place of files', async () => {
    const data = (name: string) => tlsFixture(name).toString('base64');
    const file = path.join(dir, 'config');
    await writeFile(
      file,
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'n' } }],
        clusters: [
          { name: 'c', cluster: { server: fake.url, 'certificate-authority-data': data('ca.crt') } },
        ],
        users: [
          {
            name: 'u',
            user: {
              'client-certificate-data': data('client.crt'),
              'client-key-data': data('client.key'),
            },
          },
        ],
      }),
    );
    const api = await connect(memoryIo({ env: { KUBECONFIG: file } }), {});
    expect([api.server, api.contextName, api.namespace]).to.deep.equal([fake.url, 'x', 'n']);
    await api.json({ path: '/version' });
    expect(fake.requests[0]?.clientName).to.equal('jane');
    await api.close();
  });

  it('refuses a server of an unknown authority, unless told not to look', async () => {
    expect((await failureOf(version({}))).message).to.equal(
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
    expect((await version({ 'insecure-skip-tls-verify': true })).major).to.equal('1');
  });

  it('checks the name, and takes another one with --tls-server-name', async () => {
    const wrong = await failureOf(version({ ...trusted, 'tls-server-name': 'other.example' }));
    expect(wrong.message).to.match(/^Unable to connect to the server: tls: .*other\.example/);
    expect((await version({ ...trusted, 'tls-server-name': 'fake.example' })).major).to.equal('1');
  });

  it('goes through the proxy of proxy-url and of the environment, with its password', async () => {
    const proxy = await startFakeProxy(new URL(fake.url));
    const withUser = proxy.url.replace('//', '//me:p%40ss@');
    const env = { HTTPS_PROXY: withUser };
    expect((await version({ ...trusted, server: 'https://fake.example:6443' }, env)).major).to.equal('1');
    expect(proxy.asked).to.deep.equal([
      { authority: 'fake.example:6443', authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` },
    ]);
    expect((await version(trusted, env)).major).to.equal('1');
    expect(proxy.asked).to.have.length(1);
    await proxy.close();
  });

  it('dials WebSockets the same way', async () => {
    const proxy = await startFakeProxy(new URL(fake.url));
    const api = await connect(memoryIo({ env: { https_proxy: proxy.url } }), {
      ...trusted,
      server: 'https://fake.example:6443',
      token: 'x',
    });
    const socket = await api.dial('/api/v1/namespaces/a/pods/b/exec', {}, ['v5.channel.k8s.io']);
    expect(socket.protocol).to.equal('v5.channel.k8s.io');
    expect(proxy.asked).to.have.length(1);
    expect(fake.requests[0]?.headers.authorization).to.equal('Bearer x');
    socket.terminate();
    await api.close();
    await proxy.close();
  });

  it('names a proxy that refuses', async () => {
    const proxy = await startFakeProxy(new URL(fake.url), { refuse: true });
    const error = await failureOf(
      version({ ...trusted, server: 'https://fake.example' }, { HTTPS_PROXY: proxy.url }),
    );
    expect(error.message).to.equal(
      `Unable to connect to the server: proxy ${new URL(proxy.url).host}: HTTP 407`,
    );
    await proxy.close();
  });

  it('reads a token file again when the server refuses its token', async () => {
    const file = path.join(dir, 'token');
    const config = path.join(dir, 'config');
    await writeFile(
      config,
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: fake.url, 'certificate-authority': fixture('ca.crt') } }],
        users: [{ name: 'u', user: { tokenFile: 'token' } }],
      }),
    );
    await writeFile(file, 'old\n');
    fake.token = 'old';
    const api = await connect(memoryIo(), { kubeconfig: config });
    await api.json({ path: '/version' });
    await writeFile(file, 'new\n');
    fake.token = 'new';
    await api.json({ path: '/version' });
    expect(fake.requests.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ]);
    fake.token = 'other';
    expect((await failureOf(api.json({ path: '/version' }))).message).to.equal(
      'You must be logged in to the server (Unauthorized)',
    );
    await api.close();
  });

  it('runs a credential plugin once more for many requests that are refused at once', async () => {
    const plugin = path.join(dir, 'login');
    const config = path.join(dir, 'config');
    const apiVersion = 'client.authentication.k8s.io/v1';
    const credential = JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: 'T' } });
    await writeFile(
      plugin,
      `#!/bin/sh\necho run >>${dir}/runs\nprintf %s '${credential}' | sed "s/T/$(cat ${dir}/token)/"\n`,
    );
    await chmod(plugin, 0o755);
    await writeFile(
      config,
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: fake.url, 'certificate-authority': fixture('ca.crt') } }],
        users: [{ name: 'u', user: { exec: { command: './login', apiVersion, interactiveMode: 'Never' } } }],
      }),
    );
    const runs = async () => (await readFile(path.join(dir, 'runs'), 'utf8')).split('\n').length - 1;
    const io = memoryIo({ env: { PATH: '/usr/bin:/bin' } });
    await writeFile(path.join(dir, 'token'), 'old');
    fake.token = 'old';
    const api = await connect(io, { kubeconfig: config });
    await api.json({ path: '/version' });
    await writeFile(path.join(dir, 'token'), 'new');
    fake.token = 'new';
    await Promise.all(Array.from({ length: 20 }, () => api.json({ path: '/version' })));
    expect(await runs()).to.equal(2);
    await writeFile(path.join(dir, 'token'), 'newest');
    fake.token = 'newest';
    (await api.dial('/api/v1/namespaces/a/pods/b/exec', {}, ['v5.channel.k8s.io'])).terminate();
    expect(await runs()).to.equal(3);
    await api.close();
  });

  it('passes on what a missing plugin advises, for requests and WebSockets', async () => {
    const config = path.join(dir, 'config');
    const exec = {
      command: 'no-such-login',
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      installHint: 'see https://x',
    };
    await writeFile(
      config,
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: fake.url, 'certificate-authority': fixture('ca.crt') } }],
        users: [{ name: 'u', user: { exec } }],
      }),
    );
    const api = await connect(memoryIo({ env: { PATH: '/usr/bin:/bin' } }), { kubeconfig: config });
    for (const asked of [api.json({ path: '/version' }), api.dial('/x', {}, ['v5.channel.k8s.io'])]) {
      expect(await failureOf(asked)).to.have.property('advice', 'see https://x');
    }
    await api.close();
  });

  it('never puts a token into a message', async () => {
    for (const token of ['sec\nret', 'sécret', '   ']) {
      const error = await failureOf(version({ ...trusted, token }));
      expect(error.message).to.match(/^the token is empty or has characters/);
    }
  });

  it('names a certificate file that cannot be read', async () => {
    expect((await failureOf(version({ 'certificate-authority': '/nope' }))).message).to.match(
      /^unable to read certificate-authority \/nope: ENOENT/,
    );
  });
});
