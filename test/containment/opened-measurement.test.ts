import { expect } from 'chai';
import type { ProbePod, StartingPods } from '../../src/collector/probe-pods.ts';
import { openMeasurement } from '../../src/containment/opened-measurement.ts';
import { fakeNode } from './fake-node.ts';

describe('openMeasurement', () => {
  const { signal } = new AbortController();

  it('opens what measures on the node and in the probe pods that run, and gives up what was not used', async () => {
    const { collector, calls } = fakeNode([], () => undefined);
    const signals: AbortSignal[] = [];
    const far: ProbePod = {
      pod: 'ir-probe-far',
      node: 'node-b',
      addresses: [],
      call: (script, args, options) => {
        signals.push(options.signal);
        return collector.call(script, args, options);
      },
    };
    const limits: unknown[] = [];
    const starting: StartingPods = async (limit) => {
      limits.push(await limit);
      return { far, gaps: ['no try from its own node: it was not ready in time'] };
    };
    const opened = await openMeasurement(collector, starting, 0.3);
    expect([limits.length, [...opened.reach.keys()], calls]).to.deep.equal([1, ['ir-probe-far'], []]);
    await opened.flows.run(Buffer.from('== tries'), signal);
    expect(calls).to.deep.equal([{ script: 'flows', args: ['0.3'], input: '== tries' }]);
    opened.cancel();
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true]);
  });

  it('does without probe pods', async () => {
    const opened = await openMeasurement(fakeNode([], () => undefined).collector, undefined, 0.3);
    expect(opened.reach.size).to.equal(0);
    opened.cancel();
  });
});
