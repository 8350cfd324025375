import type { Api } from '../../src/cluster/api.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';

/** A fake API server and a client of it, the same during one test. */
export interface FakeCluster {
  readonly fake: FakeApi;
  readonly api: Api;
}

/** Gives each test of the suite around it a fake API server of its own, with what `prepare` puts there, and closes it afterwards. */
export function fakeCluster(prepare: (fake: FakeApi) => void = () => undefined): FakeCluster {
  let current: FakeCluster | undefined;
  const now = (): FakeCluster => {
    if (current === undefined) throw new Error('there is a cluster only while a test runs');
    return current;
  };
  beforeEach(async () => {
    const fake = await startFakeApi();
    current = { fake, api: await fake.connect() };
    prepare(fake);
  });
  afterEach(async () => {
    await now().api.close();
    await now().fake.close();
    current = undefined;
  });
  return {
    get fake() {
      return now().fake;
    },
    get api() {
      return now().api;
    },
  };
}
