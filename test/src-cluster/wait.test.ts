import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import { waitFor } from '../../src/cluster/wait.ts';
import { OperationError } from '../../src/output/errors.ts';
import { aPod } from '../fake-api/builders.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('waitFor', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  const wait = async (until: (pod: Pod | undefined) => boolean, signal?: AbortSignal) =>
    waitFor<Pod>(await fake.connect(), memoryIo(), {
      path: '/api/v1/namespaces/default/pods/web',
      what: 'pod "web" to be ready',
      until,
      timeoutMs: 5_000,
      ...(signal === undefined ? {} : { signal }),
    });

  it('returns the object that it was waiting for', async () => {
    let asked = 0;
    fake.intercept(() => {
      asked += 1;
      if (asked === 3) fake.put(aPod('web'));
      return undefined;
    });
    expect((await wait((pod) => pod !== undefined))?.metadata?.name).to.equal('web');
    expect(asked).to.equal(3);
  });

  it('can wait for an object to be gone', async () => {
    expect(await wait((pod) => pod === undefined)).to.equal(undefined);
  });

  it('says what it waited for when the time is over', async () => {
    expect((await failureOf(wait(() => false))).message).to.equal(
      'timed out after 5 s waiting for pod "web" to be ready',
    );
  });

  it('gives up when the condition throws, the server refuses, or it is aborted', async () => {
    const gaveUp = await failureOf(
      wait(() => {
        throw new OperationError('image cannot be pulled');
      }),
    );
    expect(gaveUp.message).to.equal('image cannot be pulled');
    const aborted = await failureOf(wait(() => false, AbortSignal.abort(new OperationError('stop'))));
    expect(aborted.message).to.equal('stop');
    fake.deny({ resource: 'pods' });
    expect((await failureOf(wait(() => true))).message).to.match(/forbidden/);
  });
});
