import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { deletePod, removePod } from '../../src/collector/removal.ts';
import { aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('removePod', () => {
  const { signal } = new AbortController();
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });
  const put = (): { namespace: string; name: string; uid: string } => {
    const { metadata } = fake.put(aPod('web'));
    return { namespace: 'default', name: 'web', uid: metadata.uid ?? '' };
  };

  it('deletes with a grace of one second and looks that it is gone', async () => {
    await removePod(api, memoryIo(), put(), signal);
    expect(fake.list('pods')).to.deep.equal([]);
    expect(fake.requests.map(({ method }) => method)).to.deep.equal(['DELETE', 'GET']);
    expect(fake.requests[0]?.body).to.have.property('gracePeriodSeconds', 1);
  });

  it('is content when it is gone already, or another has its name', async () => {
    const pod = put();
    await removePod(api, memoryIo(), { ...pod, name: 'gone' }, signal);
    await removePod(api, memoryIo(), { ...pod, uid: 'other' }, signal);
    expect(fake.list('pods').length).to.equal(1);
  });

  it('changes nothing on a dry run', async () => {
    expect(await deletePod(api, put(), signal, true)).to.equal(true);
    expect(fake.list('pods').length).to.equal(1);
  });

  it('says what to do when it does not go', async () => {
    fake.intercept(({ method }) => (method === 'DELETE' ? { status: 200, body: {} } : undefined));
    const error = await failureOf(removePod(api, memoryIo(), put(), signal));
    expect(error.message).to.equal(
      'the collector pod default/web is not gone: timed out after 20 s waiting for pod web to be gone',
    );
    expect(error).to.have.property('advice').that.contains('kubectl ir cleanup');
  });
});
