import { expect } from 'chai';
import type { Api, ApiRequest } from '../../src/cluster/api.ts';
import { type ReadBounds, Reader } from '../../src/containment/reader.ts';
import { ApiError } from '../../src/output/errors.ts';
import { failure } from '../fake-api/answer.ts';
import { aConfigMap } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';

describe('Reader', () => {
  const kind = { version: 'v1', resource: 'configmaps' };
  const ref = { apiVersion: 'v1', resource: 'configmaps', namespace: 'default', name: 'a' };
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    for (const name of ['a', 'b', 'c']) fake.put(aConfigMap(name));
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });

  async function read(bounds: ReadBounds = {}): Promise<[number, boolean, string[]]> {
    const reader = new Reader(api, new AbortController().signal, bounds);
    const objects = await reader.list(kind, 'default');
    const one = await reader.get(ref, 'configmap a');
    return [objects.length, one !== undefined, reader.gaps];
  }

  it('has no gap when all was seen, and one when there is more than it may look at', async () => {
    expect(await read()).to.deep.equal([3, true, []]);
    expect(await read({ atMost: 2 })).to.deep.equal([
      ...[2, true],
      ['configmaps in namespace default: only 2 of them'],
    ]);
  });

  it('tells what may not be read, and takes a kind that is not known as none', async () => {
    fake.deny({ resource: 'configmaps' });
    expect(await read()).to.deep.equal([
      ...[0, false],
      ['configmaps in namespace default: you may not list them', 'configmap a: you may not read it'],
    ]);
    fake.intercept(() => failure(404, 'NotFound', 'the server could not find the requested resource'));
    expect(await read()).to.deep.equal([0, false, []]);
    fake.intercept(() => failure(503, 'ServiceUnavailable', 'currently unable'));
    expect((await read())[2])
      .to.have.length(2)
      .and.satisfy(([one]: string[]) => /currently unable/.test(one ?? ''));
  });

  it('has nothing for a name that no object can have, as an owner reference may say it', async () => {
    const reader = new Reader(api, new AbortController().signal);
    expect(await reader.get({ ...ref, name: '..' }, 'configmap ..')).to.equal(undefined);
    expect(reader.gaps).to.deep.equal([]);
  });

  it('gives up on an answer that does not come, and throws when the server is gone or the user interrupts', async () => {
    const silent = Object.assign(Object.create(api) as Api, {
      request: ({ signal }: ApiRequest) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    const reader = new Reader(silent, new AbortController().signal, { limitMs: 20 });
    expect(await reader.list(kind, 'default')).to.deep.equal([]);
    expect(reader.gaps).to.deep.equal(['configmaps in namespace default: no answer within 0.02 s']);
    const controller = new AbortController();
    controller.abort(new Error('stopped'));
    const stopped = new Reader(api, controller.signal).list(kind, 'default');
    expect(await stopped.catch((error: unknown) => error)).to.have.property('message', 'stopped');
    await fake.close();
    expect(await read().catch((error: unknown) => error)).to.be.instanceOf(ApiError);
  });
});
