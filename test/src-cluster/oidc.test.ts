import { EventEmitter, once } from 'node:events';
import https from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { oidcCredentials } from '../../src/cluster/oidc.ts';
import { InterruptedError, OperationError } from '../../src/output/errors.ts';
import { tlsFixture } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const token = (expires: string, claims: object = {}) =>
  [
    JSON.stringify({ alg: 'RS256' }),
    JSON.stringify({ exp: Date.parse(expires) / 1000, ...claims }),
    'signature',
  ]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

/** An identity provider that hands out tokens valid until 2100, and answers a request for a path when `until` says so. */
async function startProvider(
  asked: string[],
  until: (path: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<https.Server> {
  const server = https.createServer({ key: tlsFixture('server.key'), cert: tlsFixture('server.crt') });
  server.on('request', (request, response) => {
    const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
    let body = '';
    const answer = (): void => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/token') {
        asked.push(body);
        const claims = { iss: issuer, aud: 'ir', sub: 'jane', iat: Date.parse('2026-01-01') / 1000 };
        response.end(
          JSON.stringify({
            access_token: 'a',
            token_type: 'bearer',
            id_token: token('2100-01-01', claims),
            refresh_token: `next-${asked.length}`,
            expires_in: 60,
          }),
        );
      } else {
        response.end(
          JSON.stringify({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` }),
        );
      }
    };
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => void until(request.url ?? '').then(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
}

/** Configuration with a token that has expired, to be refreshed at a provider. */
function expiredAt(server: Server): Record<string, string> {
  return {
    'id-token': token('2026-11-22T04:00:00Z'),
    'refresh-token': 'first',
    'client-id': 'ir',
    'idp-issuer-url': `https://localhost:${(server.address() as AddressInfo).port}`,
    'idp-certificate-authority-data': tlsFixture('ca.crt').toString('base64'),
  };
}

describe('oidcCredentials', () => {
  const valid = token('2026-11-22T05:00:00Z');

  it('uses an id-token while it is valid', async () => {
    const source = oidcCredentials({ name: 'oidc', config: { 'id-token': valid } }, memoryIo());
    expect(await source.authorization()).to.equal(`Bearer ${valid}`);
    expect(source.refresh()).to.equal(false);
  });

  it('refreshes at the provider, with the newest refresh token', async () => {
    const asked: string[] = [];
    const server = await startProvider(asked);
    const source = oidcCredentials({ name: 'oidc', config: expiredAt(server) }, memoryIo());
    expect(await source.authorization()).to.match(/^Bearer ey/);
    expect(source.refresh()).to.equal(true);
    await source.authorization();
    server.close();
    expect(asked.map((body) => new URLSearchParams(body).get('refresh_token'))).to.deep.equal([
      'first',
      'next-1',
    ]);
  }).timeout(20_000);

  for (const path of ['/.well-known/openid-configuration', '/token'])
    it(`does not wait for ${path} when it is interrupted, and uses the answer that comes afterwards`, async () => {
      const moments = new EventEmitter();
      const [held, answered] = [once(moments, 'held'), once(moments, 'answered')];
      const asked: string[] = [];
      const server = await startProvider(asked, async (wanted) => {
        if (wanted !== path) return;
        moments.emit('held');
        await answered;
      });
      const source = oidcCredentials({ name: 'oidc', config: expiredAt(server) }, memoryIo());
      const interrupt = new AbortController();
      const interrupted = failureOf(source.authorization(interrupt.signal));
      await held;
      interrupt.abort(new InterruptedError('stopped by SIGINT'));
      expect((await interrupted).message).to.equal('stopped by SIGINT');
      expect(await failureOf(source.authorization(interrupt.signal))).to.be.instanceOf(InterruptedError);
      const cleaning = source.authorization(new AbortController().signal);
      moments.emit('answered');
      expect(await cleaning).to.match(/^Bearer ey/);
      server.close();
      expect(asked).to.have.length(1);
    }).timeout(20_000);

  for (const [silence, until] of [
    ['a provider', () => new Promise<never>(() => undefined)],
    [
      'its /token',
      (path: string) => (path === '/token' ? new Promise<never>(() => undefined) : Promise.resolve()),
    ],
  ] as const)
    it(`does not wait for ever when ${silence} takes a request and is silent, and says who it is`, async () => {
      const server = await startProvider([], until);
      const config = expiredAt(server);
      const given = setTimeout(() => server.closeAllConnections(), 10_000);
      const error = await failureOf(
        oidcCredentials({ name: 'oidc', config }, memoryIo(), 1500).authorization(),
      );
      clearTimeout(given);
      server.close();
      server.closeAllConnections();
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.equal(
        `the OIDC token could not be refreshed at ${config['idp-issuer-url'] ?? ''}: no answer within 1.5 s`,
      );
      expect(error)
        .to.have.property('advice')
        .that.matches(/^use credentials .* --user /);
    }).timeout(20_000);

  it('does not wait for ever for a TLS handshake either', async () => {
    const silent = createServer().listen(0, 'localhost');
    await once(silent, 'listening');
    const sockets: Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    const given = setTimeout(() => sockets.forEach((socket) => socket.destroy()), 8000);
    const error = await failureOf(
      oidcCredentials({ name: 'oidc', config: expiredAt(silent) }, memoryIo(), 1500).authorization(),
    );
    clearTimeout(given);
    silent.close();
    for (const socket of sockets) socket.destroy();
    expect(error.message).to.match(/ at https:\/\/localhost:\d+: no answer within 1\.5 s$/);
  }).timeout(20_000);

  it('says that nobody listens, and what the provider refuses', async () => {
    const gone = await startProvider([]);
    const config = expiredAt(gone);
    await new Promise((resolve) => gone.close(resolve));
    const unreached = await failureOf(oidcCredentials({ name: 'oidc', config }, memoryIo()).authorization());
    expect(unreached.message).to.match(
      / at https:\/\/localhost:\d+: The connection to the server localhost:\d+ was refused/,
    );
    const odd = { ...config, 'idp-issuer-url': 'no url' };
    const refused = await failureOf(
      oidcCredentials({ name: 'oidc', config: odd }, memoryIo()).authorization(),
    );
    expect(refused.message).to.equal('the OIDC token could not be refreshed at no url: Invalid URL');
    expect(refused).to.have.property('advice', 'log in again with the tool that wrote the kubeconfig');
  }).timeout(20_000);

  it('says so when it has expired and nothing can refresh it', async () => {
    const config = { 'id-token': token('2026-11-22T04:00:00Z'), 'client-id': 'c' };
    const error = await failureOf(oidcCredentials({ name: 'oidc', config }, memoryIo()).authorization());
    expect(error.message).to.match(/id-token has expired and the kubeconfig has no refresh-token$/);
  }).timeout(20_000);

  it('refuses other providers, as kubectl does', () => {
    expect(() => oidcCredentials({ name: 'gcp', config: {} }, memoryIo())).to.throw(
      'no Auth Provider found for name "gcp"',
    );
  });
});
