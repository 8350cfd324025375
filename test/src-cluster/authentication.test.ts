import { expect } from 'chai';
import { credentialsOf } from '../../src/cluster/authentication.ts';
import { resolveConnection } from '../../src/cluster/connection.ts';
import { parseKubeconfig } from '../../src/cluster/kubeconfig.ts';
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

  it('names a key file that cannot be read', async () => {
    const error = await failureOf(credentials('{client-certificate-data: Yw==, client-key: /nope}'));
    expect(error.message).to.match(/^unable to read client-key \/nope: ENOENT/);
  });
});
