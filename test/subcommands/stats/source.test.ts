import { expect } from 'chai';
import { kubeletSource, metricsSource, servesMetrics } from '../../../src/subcommands/stats/source.ts';
import { aPod } from '../../fake-api/builders.ts';
import { fakeCluster } from '../../fake-api/fake-cluster.ts';

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
