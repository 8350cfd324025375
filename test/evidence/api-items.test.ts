import { expect } from 'chai';
import { keepAnswer, keepList } from '../../src/evidence/api-items.ts';
import { sleepFor } from '../../src/output/io.ts';
import { aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';
import { acquired } from './acquired.ts';

const { signal } = new AbortController();
const item = { name: 'kubernetes/pods', path: '/api/v1/pods', doing: 'list pods' };

describe('items of the API', () => {
  const cluster = fakeCluster();

  it('keep every page of a list byte for byte', async () => {
    for (let i = 0; i < 501; i += 1) cluster.fake.put(aPod(`web-${i}`));
    const kept = await acquired(cluster.fake, (api, acquisition) => keepList(api, acquisition, item, signal));
    const names = ['pods.json', 'pods-2.json'].flatMap((name) => {
      const list = JSON.parse(kept.text(`live_response/kubernetes/${name}`)) as { items: object[] };
      return list.items.length;
    });
    expect(names).to.deep.equal([500, 1]);
    expect(kept.item('live_response/kubernetes/pods.json')).to.include({
      sensitive: true,
      source: '/api/v1/pods',
    });
  });

  it('are a gap when they are refused, missing, or do not come', async () => {
    cluster.fake.deny({ verb: 'list', resource: 'pods' });
    cluster.fake.intercept(({ path }) =>
      path.endsWith('/broken') ? { status: 500, body: 'no' } : undefined,
    );
    const io = memoryIo({ sleep: sleepFor });
    const kept = await acquired(cluster.fake, async (api, acquisition) => {
      await keepList(api, acquisition, item, signal);
      for (const name of ['absent', 'broken']) {
        const came = await keepAnswer(
          api,
          io,
          acquisition,
          { name, path: `/api/v1/namespaces/default/pods/${name}`, doing: `ask for ${name}` },
          signal,
        );
        expect(came).to.equal(false);
      }
    });
    expect(kept.item('live_response/kubernetes/pods.json')).to.include({ outcome: 'denied' });
    expect(kept.item('broken')).to.include({ outcome: 'truncated' });
    expect(kept.item('broken').detail).to.include('ask for broken');
  });
});
