import { expect } from 'chai';
import { checkImageSpace } from '../../src/collector/image-space.ts';
import { OperationError } from '../../src/output/errors.ts';
import { aNode } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';

const { signal } = new AbortController();
const gibibyte = 1024 ** 3;

describe('checkImageSpace', () => {
  const cluster = fakeCluster();
  const tell = (imageFs: object): void =>
    cluster.fake.intercept(({ path }) =>
      path.endsWith('/proxy/stats/summary')
        ? { status: 200, body: JSON.stringify({ node: { runtime: { imageFs } } }) }
        : undefined,
    );
  const check = (node = aNode('node-a')): ReturnType<typeof checkImageSpace> =>
    checkImageSpace(cluster.api, node, 'registry.example/busybox@sha256:1', signal);

  it('refuses a node under disk pressure', async () => {
    const node = aNode('node-a');
    const conditions = [{ type: 'DiskPressure', status: 'True' }];
    const failure = await failureOf(check({ ...node, status: { ...node.status, conditions } }));
    expect(failure).to.be.instanceOf(OperationError);
    expect(failure.message).to.include('under disk pressure');
  });

  it('asks nobody when the node lists the image', async () => {
    const node = aNode('node-a');
    const images = [{ names: ['registry.example/busybox@sha256:1'] }];
    expect(await check({ ...node, status: { ...node.status, images } })).to.deep.equal({ listed: true });
    expect(cluster.fake.requests).to.deep.equal([]);
  });

  it('refuses a pull for which there is no room, and no other', async () => {
    tell({ availableBytes: gibibyte / 32, capacityBytes: 100 * gibibyte });
    expect((await failureOf(check())).message).to.include('32Mi left for images (100 % used)');
    tell({ availableBytes: gibibyte, capacityBytes: 100 * gibibyte });
    expect(await check()).to.deep.equal({
      listed: false,
      availableBytes: gibibyte,
      usedPercent: 99,
    });
  });

  it('goes on without the right to ask, and says why it does not know', async () => {
    cluster.fake.intercept(({ path }) =>
      path.includes('/proxy/') ? { status: 403, body: 'no' } : undefined,
    );
    expect((await check()).unknown).to.be.a('string');
  });
});
