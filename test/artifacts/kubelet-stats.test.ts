import { expect } from 'chai';
import { kubeletUsage, metricsUsage } from '../../src/artifacts/kubelet-stats.ts';

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
});
