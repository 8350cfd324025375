import { expect } from 'chai';
import { gapsSection } from '../../../../src/incident/report/sections/gaps.ts';
import { findingsPart } from '../../../../src/incident/report/read/findings.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('gapsSection', () => {
  const sample = sampleReport();

  it('has what was not judged, what is not whole, and nodes whose word is all there is', () => {
    const text = saidBy(gapsSection(sample));
    for (const part of [
      '**node-a**: somebody may have it as root (a process got out)',
      '| `hidden-module` | node-a | none | `kubectl ir snapshot node node-a` |',
      '| `ghost-pod` | node-a | cut |',
      '- a file',
      'The first 1 of 2 gaps',
      '1 piece of the evidence is no record',
    ])
      expect(text).to.contain(part);
  });

  it('says so when nothing is missing', () => {
    const findings = findingsPart(
      { findings: [], notJudged: [], incomplete: [], judged: 1, malformed: 0 },
      'ir-1',
    );
    const whole = { ...sample, findings, nodes: [], gaps: { items: [], total: 0, command: '' } };
    expect(saidBy(gapsSection(whole))).to.contain('Nothing of what was asked for is missing.');
  });
});
