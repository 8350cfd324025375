import { expect } from 'chai';
import { deletePod, removedAfter, removePod } from '../../src/collector/removal.ts';
import { InterruptedError, OperationError, PartialError } from '../../src/output/errors.ts';
import { aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('removePod', () => {
  const { signal } = new AbortController();
  const cluster = fakeCluster();
  const put = (): Parameters<typeof removePod>[2] & { readonly uid: string } => {
    const { metadata } = cluster.fake.put(aPod('web'));
    return { namespace: 'default', name: 'web', uid: metadata.uid ?? '', role: 'collector' };
  };

  it('deletes with a grace of one second and looks that it is gone', async () => {
    await removePod(cluster.api, memoryIo(), put(), signal);
    expect(cluster.fake.list('pods')).to.deep.equal([]);
    expect(cluster.fake.requests.map(({ method }) => method)).to.deep.equal(['DELETE', 'GET']);
    expect(cluster.fake.requests[0]?.body).to.have.property('gracePeriodSeconds', 1);
  });

  it('is content when it is gone already, or another has its name', async () => {
    const pod = put();
    await removePod(cluster.api, memoryIo(), { ...pod, name: 'gone' }, signal);
    await removePod(cluster.api, memoryIo(), { ...pod, uid: 'other' }, signal);
    expect(cluster.fake.list('pods').length).to.equal(1);
  });

  it('changes nothing on a dry run', async () => {
    expect(await deletePod(cluster.api, put(), signal, true)).to.equal(true);
    expect(cluster.fake.list('pods').length).to.equal(1);
  });

  it('says what to do when it does not go', async () => {
    cluster.fake.intercept(({ method }) => (method === 'DELETE' ? { status: 200, body: {} } : undefined));
    const error = await failureOf(removePod(cluster.api, memoryIo(), put(), signal));
    const probe = await failureOf(removePod(cluster.api, memoryIo(), { ...put(), role: 'probe' }, signal));
    expect(probe.message).to.match(/^the probe pod default\/web is not gone/);
    expect(error.message).to.equal(
      'the collector pod default/web is not gone: timed out after 20 s waiting for pod web to be gone',
    );
    expect(error).to.have.property('advice').that.contains('kubectl ir cleanup');
    cluster.fake.intercept(() => undefined);
    cluster.fake.deny({ verb: 'delete', resource: 'pods' });
    const refused = await failureOf(removePod(cluster.api, memoryIo(), put(), signal));
    expect(refused.message).to.match(
      /^the collector pod default\/web is not gone: cannot delete pods .*forbidden/,
    );
    expect(refused).to.have.property('advice').that.contains('kubectl ir cleanup');
  });

  it('lets an interrupt through', async () => {
    const interrupt = new AbortController();
    cluster.fake.intercept(() => {
      interrupt.abort(new InterruptedError('stopped by SIGINT'));
      return undefined;
    });
    const error = await failureOf(removePod(cluster.api, memoryIo(), put(), interrupt.signal));
    expect(error).to.be.instanceOf(InterruptedError);
  });
});

describe('removedAfter', () => {
  const left = new OperationError('the pod is not gone', { advice: 'kubectl ir cleanup' });
  const stays = (): Promise<void> => Promise.reject(left);

  it('gives what the work gave, when the removal is over', async () => {
    let removed = false;
    const remove = (): Promise<void> => {
      removed = true;
      return Promise.resolve();
    };
    expect(await removedAfter(memoryIo(), () => Promise.resolve('result'), remove)).to.equal('result');
    expect(removed).to.equal(true);
  });

  it('is partial when the removal alone failed', async () => {
    const error = await failureOf(removedAfter(memoryIo(), () => Promise.resolve('result'), stays));
    expect(error).to.be.instanceOf(PartialError).and.include({ message: left.message, advice: left.advice });
  });

  it('throws what the work threw, and warns of what is left', async () => {
    const io = memoryIo();
    const error = await failureOf(removedAfter(io, () => Promise.reject(new Error('no luck')), stays));
    expect(error.message).to.equal('no luck');
    expect(io.err()).to.equal('warning: the pod is not gone\nwarning: kubectl ir cleanup\n');
  });
});
