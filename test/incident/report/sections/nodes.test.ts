import { expect } from 'chai';
import { nodesSection } from '../../../../src/incident/report/sections/nodes.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('nodesSection', () => {
  const sample = sampleReport();

  it('has what a node is, whether its word counts, and settings to harden', () => {
    const text = saidBy(nodesSection(sample));
    for (const part of [
      'Kernel: 6.1',
      '**AS TOLD BY THE NODE**',
      '- a process got out',
      '| pod prod/web | `privileged` | root | less |',
    ])
      expect(text).to.contain(part);
    expect(saidBy(nodesSection({ ...sample, nodes: [] }))).to.contain('no evidence of a node');
  });
});
