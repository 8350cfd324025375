import { expect } from 'chai';
import { kubeletSource, metricsSource, servesMetrics } from '../../../src/subcommands/stats/source.ts';
import { aPod } from '../../fake-api/builders.ts';
import { fakeCluster } from '../../fake-api/fake-cluster.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';

const { signal } = new AbortController();
const groups = [{ node: 'node-a', pods: [aPod('web')], all: false }];

describe('where figures come from', () => {
  const cluster = fakeCluster();

  it('is the kubelet, of the pods that are wanted', async () => {
    const pod = (name: string): object => ({
      podRef: { name, namespace: 'default' },
      cpu: { usageNanoCores: 1e9 },
    });
    cluster.fake.intercept(({ path }) =>
      path === '/api/v1/nodes/node-a/proxy/stats/summary'
        ? { status: 200, body: JSON.stringify({ pods: [pod('web'), pod('other')] }) }
        : undefined,
    );
    const kept: string[] = [];
    const keep = (name: string, path: string, bytes: Buffer): Promise<void> => {
      kept.push(`${name} ${path} ${bytes.toString().slice(0, 8)}`);
      return Promise.resolve();
    };
    const { usages, nodes } = await kubeletSource(groups, { api: cluster.api, signal, keep })();
    expect(kept).to.deep.equal(['kubelet/node-a /api/v1/nodes/node-a/proxy/stats/summary {"pods":']);
    expect(usages).to.deep.equal([{ pod: 'default/web', cpu: 1 }]);
    expect(nodes).to.deep.equal([{ node: 'node-a' }]);
  });

  it('is an error that says so where the kubelet answers something else, which is kept', async () => {
    for (const body of ['null', '[]', 'no JSON', '']) {
      cluster.fake.intercept(({ path }) =>
        path.endsWith('/stats/summary') ? { status: 200, body } : undefined,
      );
      const kept: string[] = [];
      const keep = (_name: string, _path: string, bytes: Buffer): Promise<void> => {
        kept.push(bytes.toString());
        return Promise.resolve();
      };
      const failure = await failureOf(kubeletSource(groups, { api: cluster.api, signal, keep })());
      expect(failure).to.be.instanceOf(OperationError);
      expect(failure).to.have.property(
        'message',
        'cannot ask the kubelet of node "node-a" for figures: the answer is no object of JSON',
      );
      expect(kept).to.deep.equal([body]);
    }
  });

  it('is the metrics server of the nodes too, where that may be asked', async () => {
    const answering = (status: number): void =>
      cluster.fake.intercept(({ path }) => {
        if (path === '/apis/metrics.k8s.io/v1beta1/nodes/node-a')
          return {
            status,
            body: status === 200 ? '{"usage":{"cpu":"1500m","memory":"2Ki"}}' : '{"kind":"Status"}',
          };
        return path.startsWith('/apis/metrics.k8s.io') ? { status: 200, body: '{}' } : undefined;
      });
    const nodes = async (): Promise<unknown> =>
      (await metricsSource(groups, { api: cluster.api, signal })()).nodes;
    answering(200);
    expect(await nodes()).to.deep.equal([{ node: 'node-a', cpu: 1.5, memoryBytes: 2048 }]);
    answering(403);
    expect(await nodes()).to.deep.equal([{ node: 'node-a' }]);
    answering(503);
    expect(await failureOf(nodes())).to.be.instanceOf(OperationError);
  });

  it('is the metrics server where there is one that answers', async () => {
    const served = (status: number): void =>
      cluster.fake.intercept(({ path }) => {
        if (path === '/apis') return { status: 200, body: '{"groups":[{"name":"metrics.k8s.io"}]}' };
        if (path.endsWith('/pods/web'))
          return {
            status: 200,
            body: '{"metadata":{"name":"web","namespace":"default"},"containers":[{"name":"app","usage":{"cpu":"1"}}]}',
          };
        return path.startsWith('/apis/metrics.k8s.io') ? { status, body: '{}' } : undefined;
      });
    served(200);
    expect(await servesMetrics(cluster.api, signal)).to.equal(true);
    expect((await metricsSource(groups, { api: cluster.api, signal })()).usages).to.deep.equal([
      { pod: 'default/web', container: 'app', cpu: 1 },
    ]);
    served(503);
    expect(await servesMetrics(cluster.api, signal)).to.equal(false);
  });
});
