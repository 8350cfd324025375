import { expect } from 'chai';
import { glossarySection } from '../../../../src/incident/report/sections/glossary.ts';
import { saidBy } from '../report-lab.ts';

describe('glossarySection', () => {
  it('has the words of the verdicts', () => {
    const text = saidBy(glossarySection());
    for (const word of ['HOLDS', 'LEAKS', 'UNVERIFIED', 'custody']) expect(text).to.contain(`- ${word}: `);
  });
});
