import { expect } from 'chai';
import { caseTarget } from '../../src/incident/case-target.ts';
import { custodyLines, opening } from './custody-lines.ts';

describe('caseTarget', () => {
  it('is the newest pod that was isolated and the newest node that was collected from', () => {
    const lines = custodyLines(
      opening,
      { action: 'acquire', object: 'node/node-a', result: 'started' },
      { action: 'acquire', object: 'data/acquisitions/20261122T041500Z-node-node-a', result: 'complete' },
      { action: 'isolate', object: 'pod/web-0 in namespace prod', result: 'HOLDS' },
      { action: 'acquire', object: 'diff/web-0', result: 'started' },
      { action: 'isolate', object: 'pod/web-1 in namespace test', result: 'LEAKS' },
    );
    expect(caseTarget(lines)).to.deep.equal({ pod: 'web-1', namespace: 'test', node: 'node-a' });
    expect(caseTarget(custodyLines(opening))).to.deep.equal({});
  });

  it('takes nothing that could be a flag, a path or another word', () => {
    const lines = custodyLines(
      ...['--yes', '../x', 'a b', 'A', '', 'x\n', '-n'].flatMap((name) => [
        { action: 'isolate', object: `pod/${name} in namespace prod`, result: 'HOLDS' },
        { action: 'isolate', object: `pod/web in namespace ${name}`, result: 'HOLDS' },
        { action: 'acquire', object: `node/${name}`, result: 'started' },
      ]),
    );
    expect(caseTarget(lines)).to.deep.equal({});
  });
});
