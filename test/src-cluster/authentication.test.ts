import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { credentialsOf } from '../../src/cluster/authentication.ts';
import { resolveConnection } from '../../src/cluster/connection.ts';
import { parseKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { tlsFixture } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const credentials = (user: string) => {
  const text = `{current-context: x, contexts: [{name: x, context: {user: u}}], users: [{name: u, user: ${user}}]}`;
  const connection = resolveConnection(parseKubeconfig(text, '/k'), { server: 'https://h' });
  return credentialsOf(connection, memoryIo());
};
const plugin =
  'exec: {command: /no/such/plugin, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}';
const pair = 'client-certificate-data: Yw==, client-key-data: aw==';

describe('credentialsOf', () => {
  const cases = [
    ['{}', undefined, undefined],
    [`{token: t, ${plugin}}`, 'Bearer t', undefined],
    [`{token: t, ${pair}}`, 'Bearer t', 'c'],
    ['{username: jane, password: "p:w"}', 'Basic amFuZTpwOnc=', undefined],
    [`{${pair}, ${plugin}}`, undefined, 'c'],
    [
      '{auth-provider: {name: oidc, config: {id-token: e30.eyJleHAiOjk5OTk5OTk5OTl9.s}}}',
      'Bearer e30.eyJleHAiOjk5OTk5OTk5OTl9.s',
      undefined,
    ],
  ] as const;
  for (const [user, authorization, certificate] of cases) {
    it(user, async () => {
      const source = await credentials(user);
      expect(await source.authorization()).to.equal(authorization);
      expect((await source.certificate())?.cert.toString()).to.equal(certificate);
      expect(source.refresh()).to.equal(false);
    });
  }

  it('runs the plugin when nothing else is there', async () => {
    const source = await credentials(`{${plugin}}`);
    expect((await failureOf(source.authorization())).message).to.match(
      /executable \/no\/such\/plugin not found$/,
    );
  });

  it('takes the certificate that lies in the files by now, in whole pairs', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'certificate-'));
    const [cert, key] = ['cert', 'key'].map((name) => path.join(directory, name)) as [string, string];
    const put = async (certificate: string, ofKey: string): Promise<void> => {
      await writeFile(cert, tlsFixture(`${certificate}.crt`));
      await writeFile(key, tlsFixture(`${ofKey}.key`));
    };
    try {
      await put('client', 'client');
      const source = await credentials(`{client-certificate: ${cert}, client-key: ${key}}`);
      const taken = async (): Promise<string | undefined> => (await source.certificate())?.cert.toString();
      const first = await source.certificate();
      expect(await source.certificate()).to.equal(first);
      await put('server', 'client');
      expect(await taken()).to.equal(tlsFixture('client.crt').toString());
      await put('server', 'server');
      expect(await taken()).to.equal(tlsFixture('server.crt').toString());
      await rm(key);
      expect(await taken()).to.equal(tlsFixture('server.crt').toString());
      expect(source.refresh()).to.equal(true);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('names a key file that cannot be read', async () => {
    const error = await failureOf(credentials('{client-certificate-data: Yw==, client-key: /nope}'));
    expect(error.message).to.match(/^unable to read client-key \/nope: ENOENT/);
  });
});
