import { expect } from 'chai';
import fc from 'fast-check';
import { objectOf } from '../../src/artifacts/json.ts';
import { kubeletUsage, metricsUsage, nodeMetricsUsage } from '../../src/artifacts/kubelet-stats.ts';

describe('usage as others tell it', () => {
  it('is that of the kubelet, of pods and containers', () => {
    const told = kubeletUsage('node-a', {
      node: {
        cpu: { usageNanoCores: 5e8 },
        memory: { usageBytes: 10, workingSetBytes: 8, availableBytes: 90 },
      },
      pods: [
        {
          podRef: { name: 'web', namespace: 'prod' },
          cpu: { usageNanoCores: 1e8 },
          process_stats: { process_count: 3 },
          containers: [
            { name: 'app', memory: { usageBytes: 5, workingSetBytes: 4, availableBytes: 0 } },
            { name: 'held', memory: { workingSetBytes: 4, availableBytes: 6 } },
            {},
          ],
        },
        {},
      ],
    });
    expect(told).to.deep.equal({
      node: { node: 'node-a', cpu: 0.5, memoryBytes: 10, memoryLimitBytes: 98 },
      usages: [
        { pod: 'prod/web', cpu: 0.1, processes: 3 },
        { pod: 'prod/web', container: 'app', memoryBytes: 5, workingSetBytes: 4 },
        { pod: 'prod/web', container: 'held', workingSetBytes: 4, memoryLimitBytes: 10 },
        { pod: 'prod/web', container: '' },
        { pod: '/' },
      ],
    });
  });

  it('is that of the metrics server, in its quantities', () => {
    const containers = [
      { name: 'app', usage: { cpu: '12500000n', memory: '2Ki' } },
      { name: 'odd', usage: { cpu: 'x', memory: '' } },
    ];
    expect(metricsUsage({ metadata: { name: 'web', namespace: 'prod' }, containers })).to.deep.equal([
      { pod: 'prod/web', container: 'app', cpu: 0.0125, workingSetBytes: 2048 },
      { pod: 'prod/web', container: 'odd' },
    ]);
  });

  it('is that of the metrics server of a node, too', () => {
    const metrics = { metadata: { name: 'node-a' }, usage: { cpu: '1500m', memory: '1Ti' } };
    expect(nodeMetricsUsage('node-a', metrics)).to.deep.equal({
      node: 'node-a',
      cpu: 1.5,
      memoryBytes: 1024 ** 4,
    });
    expect(nodeMetricsUsage('node-a', {})).to.deep.equal({ node: 'node-a' });
  });

  it('leaves out what is something else than it should be', () => {
    const pods = [null, 1, { podRef: 'x', cpu: { usageNanoCores: '1' }, containers: [null, { name: {} }] }];
    expect(kubeletUsage('node-a', { node: [], pods })).to.deep.equal({
      node: { node: 'node-a' },
      usages: [{ pod: '/' }, { pod: '/', container: '' }],
    });
    expect(kubeletUsage('node-a', { pods: {} }).usages).to.deep.equal([]);
  });

  it('throws nothing and has no figure that is none, whatever is told', () => {
    const key = fc.constantFrom(
      ...['node', 'pods', 'podRef', 'namespace', 'name', 'cpu', 'usageNanoCores', 'memory', 'usageBytes'],
      ...['workingSetBytes', 'availableBytes', 'process_stats', 'process_count', 'containers', 'usage'],
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom<unknown>(null, true, -1, 1e308, Infinity, 'x', '1Ti', '9'.repeat(400)),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const object = objectOf(value) ?? {};
        const { node, usages } = kubeletUsage('node-a', object);
        for (const usage of [node, ...usages, ...metricsUsage(object), nodeMetricsUsage('node-a', object)])
          for (const one of Object.values(usage))
            if (typeof one === 'number') expect(Number.isFinite(one)).to.equal(true);
            else expect(one).to.be.a('string');
      }),
      { numRuns: 500 },
    );
  });
});
