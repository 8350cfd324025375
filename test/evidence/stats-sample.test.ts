import { expect } from 'chai';
import { namedScript } from '../../src/collector/scripts.ts';
import { collectFrames } from '../../src/collector/running.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { takeSample } from '../../src/evidence/stats-sample.ts';
import { OperationError } from '../../src/output/errors.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { failureOf } from '../support/failure.ts';

const { signal } = new AbortController();

describe('takeSample', function () {
  this.timeout(60_000);

  it('reads the figures of this machine, and keeps what they are read from', async () => {
    const node = localNode('/');
    try {
      const collector = {
        identity: { node: 'here' },
        collect: (script: string, args: readonly string[], sink: MemorySink) =>
          collectFrames(node.exec, namedScript(script), sink, { args, signal }),
      } as unknown as Collector;
      const keep = new MemorySink();
      const sample = await takeSample(collector, ['5f0c1e7a-0000-0000-0000-000000000000'], keep, signal);
      expect(sample.uptime).to.be.greaterThan(0);
      expect(sample.node.processors).to.be.greaterThan(0);
      expect(sample.node.cpuNs).to.be.greaterThan(0);
      expect(sample.cgroups.size).to.equal(0);
      expect(keep.named('[root]/proc/stat').end.outcome).to.equal('ok');
    } finally {
      node.remove();
    }
  });

  it('is an error when the node gives none', async () => {
    const collector = {
      identity: { node: 'node-a' },
      collect: () => Promise.resolve(),
    } as unknown as Collector;
    expect(await failureOf(takeSample(collector, [], undefined, signal))).to.be.instanceOf(OperationError);
  });
});
