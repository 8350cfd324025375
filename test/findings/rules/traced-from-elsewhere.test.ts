import { expect } from 'chai';
import { tracedFromElsewhere } from '../../../src/findings/rules/traced-from-elsewhere.ts';
import { agent, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule traced-from-elsewhere', () => {
  it('finds a debugger in another container', () => {
    expect(
      seenBy(tracedFromElsewhere, processItems(10, { in: web, tracer: 11 }), processItems(11, { in: agent })),
    ).to.deep.equal(['high: it debugs pid 10, which is not of its container']);
  });
  it('leaves one of the same container alone', () => {
    expect(
      seenBy(tracedFromElsewhere, processItems(10, { in: web, tracer: 11 }), processItems(11, { in: web })),
    ).to.deep.equal([]);
  });
});
