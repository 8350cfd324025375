import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import {
  applyObject,
  createObject,
  deleteObject,
  getObject,
  getObjectOrUndefined,
  patchObject,
} from '../../src/cluster/apply.ts';
import type { ConfigMap } from '../../src/cluster/objects.ts';
import { ApiError } from '../../src/output/errors.ts';
import { aConfigMap } from '../fake-api/builders.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

const ref = { apiVersion: 'v1', resource: 'configmaps', namespace: 'default', name: 'x' };
const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', namespace: 'default' },
  data: { a: '1' },
};

describe('objects', () => {
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
  });
  afterEach(() => fake.close());

  it('are read, or are not there', async () => {
    expect(await getObjectOrUndefined(api, ref)).to.equal(undefined);
    fake.put(aConfigMap('x', { a: '1' }));
    expect((await getObject<ConfigMap>(api, ref)).data).to.deep.equal({ a: '1' });
  });

  it('that are missing are named in the error', async () => {
    const error = await failureOf(getObject(api, ref));
    expect(error.message).to.equal('cannot get configmaps "x": configmaps "x" not found');
    expect(error).to.be.instanceOf(ApiError).with.property('reason', 'NotFound');
  });

  it('do not pass for missing when the kind is not known to the server', async () => {
    fake.intercept(() => ({ status: 403, body: 'no' }));
    expect(await failureOf(getObjectOrUndefined(api, ref))).to.have.property('status', 403);
  });

  it('are created as kubectl-ir’s, once', async () => {
    const made = await createObject<ConfigMap & typeof object>(api, object);
    expect(made.metadata).to.have.property('uid');
    expect(fake.requests[0]?.query.get('fieldManager')).to.equal('kubectl-ir');
    const again = await failureOf(createObject(api, object));
    expect(again.message).to.equal('cannot create configmaps "x": configmaps "x" already exists');
  });

  it('are kept nowhere by a dry run', async () => {
    await createObject(api, object, { dryRun: true });
    await applyObject(api, object, { dryRun: true });
    expect(fake.requests.map(({ query }) => query.get('dryRun'))).to.deep.equal(['All', 'All']);
    expect(fake.list('configmaps')).to.have.length(0);
    fake.put(aConfigMap('x'));
    expect(await deleteObject(api, ref, { dryRun: true })).to.equal(true);
    expect(fake.list('configmaps')).to.have.length(1);
  });

  it('are applied server-side', async () => {
    await applyObject(api, object);
    const more = { ...object, data: { b: '2' } };
    await applyObject(api, more, { force: true });
    const [first, second] = fake.requests;
    expect(first?.headers['content-type']).to.equal('application/apply-patch+yaml');
    expect([first?.query.get('force'), second?.query.get('force')]).to.deep.equal([null, 'true']);
    expect(fake.get('configmaps', 'default', 'x')).to.have.deep.property('data', { a: '1', b: '2' });
  });

  it('are patched by JSON patch and merge patch', async () => {
    fake.put(aConfigMap('x', { a: '1', b: '2' }));
    await patchObject(api, ref, [{ op: 'replace', path: '/data/a', value: '9' }], { type: 'json' });
    const after = await patchObject<ConfigMap>(api, ref, { data: { b: null } }, { type: 'merge' });
    expect(after.data).to.deep.equal({ a: '9' });
    const stale = patchObject(api, ref, [{ op: 'test', path: '/data/a', value: '1' }], { type: 'json' });
    expect((await failureOf(stale)).message).to.match(/^cannot patch configmaps "x": testing/);
  });

  it('are deleted once, and only the very one that was meant', async () => {
    const { metadata } = fake.put(aConfigMap('x'));
    const other = await failureOf(deleteObject(api, ref, { uid: 'another' }));
    expect(other).to.include({ status: 409, reason: 'Conflict' });
    expect(await deleteObject(api, ref, { graceSeconds: 1, uid: metadata.uid })).to.equal(true);
    expect(fake.requests[1]?.body).to.deep.include({
      gracePeriodSeconds: 1,
      preconditions: { uid: metadata.uid },
    });
    expect(await deleteObject(api, ref)).to.equal(false);
  });
});
