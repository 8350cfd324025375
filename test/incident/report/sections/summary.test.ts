import { expect } from 'chai';
import { summarySection } from '../../../../src/incident/report/sections/summary.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('summarySection', () => {
  it('has the verdict first, then what happened, then what is not known', () => {
    expect(saidBy(summarySection(sampleReport()))).to.match(
      /\*\*LEAKS\*\* Not contained\.[^]*What happened[^]*- something[^]*since then[^]*What is not known[^]*- much/,
    );
  });
});
