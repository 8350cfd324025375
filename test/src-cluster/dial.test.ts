import { once } from 'node:events';
import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { sleepFor } from '../../src/output/io.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

const path = '/api/v1/namespaces/default/pods/web/exec';
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

describe('dialWebSocket', () => {
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
  });
  afterEach(() => fake.close());

  it('loses no frame that comes before the caller listens', async () => {
    fake.onExec(async (exec) => {
      await exec.write('first');
      exec.closeWithoutStatus();
    });
    const socket = await api.dial(path, {}, protocols);
    await sleepFor(50);
    const message = once(socket, 'message');
    socket.resume();
    const [data] = (await message) as [Buffer];
    expect(data.subarray(1).toString()).to.equal('first');
  });

  it('offers the protocols and tells which one was chosen', async () => {
    fake.protocols = ['v4.channel.k8s.io'];
    const socket = await api.dial(path, {}, protocols);
    expect(socket.protocol).to.equal('v4.channel.k8s.io');
    expect(fake.requests[0]?.headers['sec-websocket-protocol']).to.equal(protocols.join(','));
    expect(fake.requests[0]?.headers['sec-websocket-extensions']).to.equal(undefined);
    socket.terminate();
  });

  it('gives the Status of a refused upgrade', async () => {
    fake.intercept(() => ({
      status: 403,
      body: { kind: 'Status', status: 'Failure', message: 'not you', reason: 'Forbidden' },
    }));
    expect(await failureOf(api.dial(path, {}, protocols))).to.include({
      status: 403,
      reason: 'Forbidden',
      message: 'not you',
    });
  });

  it('takes no answer for an upgrade but an upgrade', async () => {
    fake.intercept(() => ({ status: 200, body: 'hello' }));
    expect(await failureOf(api.dial(path, {}, protocols))).to.include({ status: 200, message: 'hello' });
  });

  it('gives the reason of an abort', async () => {
    const controller = new AbortController();
    fake.intercept(() => {
      controller.abort(new Error('stop'));
      return undefined;
    });
    expect((await failureOf(api.dial(path, {}, protocols, controller.signal))).message).to.equal('stop');
  });
});
