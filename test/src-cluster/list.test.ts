import { expect } from 'chai';
import { listAll, listRaw } from '../../src/cluster/list.ts';
import type { Pod } from '../../src/cluster/objects.ts';
import { aPod } from '../fake-api/builders.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

const path = '/api/v1/namespaces/default/pods';

describe('lists', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  it('go through all pages, and give items kind and version', async () => {
    for (let i = 0; i < 1201; i += 1) fake.put(aPod(`p${i}`));
    const seen = new Set<string>();
    for await (const pod of listAll<Pod>(await fake.connect(), {
      path,
      query: { labelSelector: 'app!=p7' },
    })) {
      expect([pod.kind, pod.apiVersion]).to.deep.equal(['Pod', 'v1']);
      seen.add(pod.metadata?.name ?? '');
    }
    expect(seen.size).to.equal(1200);
    expect(fake.requests).to.have.length(3);
    expect(fake.requests.every(({ query }) => query.get('labelSelector') === 'app!=p7')).to.equal(true);
  });

  it('give raw pages byte for byte, unknown fields and spacing kept', async () => {
    const first =
      '{"kind":"PodList",  "apiVersion":"v1","metadata":{"continue":"c\\u0061"},"items":[{"future":1.0}]}';
    const second = '{"metadata":{},"items":[]}\n';
    fake.intercept(({ query }) => ({ status: 200, body: query.get('continue') === 'ca' ? second : first }));
    const pages: string[] = [];
    for await (const { bytes } of listRaw(await fake.connect(), { path })) pages.push(bytes.toString('utf8'));
    expect(pages).to.deep.equal([first, second]);
  });

  it('go on with the token of a server that no longer has the state of the first page', async () => {
    const expired = (token: string): object => ({
      ...{ kind: 'Status', status: 'Failure', code: 410, reason: 'Expired' },
      ...{ message: 'The provided continue parameter is too old', metadata: { continue: token } },
    });
    const page = (name: string, token: string): object => ({
      ...{ kind: 'PodList', apiVersion: 'v1', metadata: { continue: token } },
      items: [{ metadata: { name } }],
    });
    const answers: Record<string, { status: number; body: object }> = {
      '': { status: 200, body: page('a', 'old') },
      old: { status: 410, body: expired('new') },
      new: { status: 200, body: page('b', 'last') },
      last: { status: 410, body: expired('') },
    };
    fake.intercept(({ query }) => answers[query.get('continue') ?? '']);
    const pods = listAll<Pod>(await fake.connect(), { path });
    expect((await pods.next()).value).to.have.nested.property('metadata.name', 'a');
    expect((await pods.next()).value).to.have.nested.property('metadata.name', 'b');
    expect(await failureOf(pods.next())).to.include({ status: 410, reason: 'Expired' });
  });

  it('stop asking when the reader stops', async () => {
    for (let i = 0; i < 600; i += 1) fake.put(aPod(`p${i}`));
    for await (const pod of listAll<Pod>(await fake.connect(), { path })) {
      expect(pod.metadata?.name).to.equal('p0');
      break;
    }
    expect(fake.requests).to.have.length(1);
  });

  for (const body of ['{"items":{}}', 'null', '[]', '[]x', '"x"']) {
    it(`refuse ${body}`, async () => {
      fake.intercept(() => ({ status: 200, body }));
      const list = listAll(await fake.connect(), { path });
      expect((await failureOf(list.next())).message).to.match(/the answer to GET .* is not (a list|JSON)/);
    });
  }

  it('take a list of nothing', async () => {
    fake.intercept(() => ({ status: 200, body: '{"items":null}' }));
    expect((await listAll(await fake.connect(), { path }).next()).done).to.equal(true);
  });
});
