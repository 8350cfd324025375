import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { resolveTypes } from '../../src/cluster/resource-type.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { discoverable } from '../subcommands/clean/clean-lab.ts';
import { failureOf } from '../support/failure.ts';

const { signal } = new AbortController();

describe('resolveTypes', () => {
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    discoverable(fake);
    api = await fake.connect();
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });

  it('takes plural, singular, kind and short name, with a group or not', async () => {
    const cronJobs = { apiVersion: 'batch/v1', kind: 'CronJob', resource: 'cronjobs', namespaced: true };
    const words = ['cronjobs', 'cronjob', 'CronJob', 'cj', 'cronjobs.batch'];
    expect([...(await resolveTypes(api, words, signal)).values()]).to.deep.equal(words.map(() => cronJobs));
    expect((await resolveTypes(api, ['ns'], signal)).get('ns')).to.include({
      apiVersion: 'v1',
      namespaced: false,
    });
  });

  it('names the nearest for a word that names none, and what was not read', async () => {
    const failure = await failureOf(resolveTypes(api, ['cronjop'], signal));
    expect(failure.message).to.equal(
      'the server doesn\'t have a resource type "cronjop"; nearest: cronjob; not read: broken.example',
    );
    for (const word of ['cronjobs.apps', 'pods/log', ''])
      expect((await failureOf(resolveTypes(api, [word], signal))).message).to.contain(
        `resource type "${word}"`,
      );
  });
});
