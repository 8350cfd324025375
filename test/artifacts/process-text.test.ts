import { expect } from 'chai';
import { processText } from '../../src/artifacts/process-text.ts';

describe('a process as people read it', () => {
  it('is shown with its start', () => {
    expect(processText({ pid: 10, startTicks: 5, started: 'T' })).to.equal('pid 10 started T');
    for (const started of ['2026-11-26T15:50:03.70Z', '2026-11-26T15:50:03.700000000Z'])
      expect(processText({ pid: 10, started })).to.equal('pid 10 started 11-26 15:50:03.70');
    expect(processText({ pid: 10, startTicks: 5 })).to.equal('pid 10 started at tick 5');
    expect([processText({ pid: 10 }), processText({})]).to.deep.equal(['pid 10', '']);
  });
});
