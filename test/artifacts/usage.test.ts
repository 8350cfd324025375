import { expect } from 'chai';
import type { Sample } from '../../src/artifacts/sample.ts';
import { nodeUsageBetween, usageBetween } from '../../src/artifacts/usage.ts';

const sample = (uptime: number, cgroups: Record<string, object>, cpuNs = 0): Sample => ({
  uptime,
  cgroups: new Map(Object.entries(cgroups)),
  node: { load: '1 2 3', processors: 2, cpuNs },
});
const names = new Map([['u', { pod: 'prod/web', containers: new Map([['c', 'app']]) }]]);

describe('usageBetween', () => {
  it('makes rates of counters, and says nothing where there are none', () => {
    const before = sample(10, { 'u/c': { cpuNs: 0, periods: 10, throttledPeriods: 0, readBytes: 5 } });
    const after = sample(12, {
      'u/c': { cpuNs: 1e9, periods: 20, throttledPeriods: 5, readBytes: 5, memoryBytes: 7 },
      u: { receivedBytes: 100, processes: 2 },
    });
    expect(usageBetween(before, after, names)).to.deep.equal([
      { pod: 'prod/web', processes: 2 },
      { pod: 'prod/web', container: 'app', cpu: 0.5, throttled: 0.5, read: 0, memoryBytes: 7 },
    ]);
  });

  it('leaves out sandboxes, names what the API does not know by what the node does, and no rate goes back', () => {
    const before = sample(10, { 'x/y': { cpuNs: 9 } });
    const after = sample(12, { 'u/sandbox': { cpuNs: 1 }, 'x/y': { cpuNs: 1 } });
    expect(usageBetween(before, after, names)).to.deep.equal([{ pod: 'x', container: 'y' }]);
  });

  it('has the load of the node beside it', () => {
    expect(nodeUsageBetween('node-a', sample(10, {}, 0), sample(12, {}, 3e9))).to.deep.equal({
      node: 'node-a',
      load: '1 2 3',
      processors: 2,
      cpu: 1.5,
    });
  });
});
