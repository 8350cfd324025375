import { expect } from 'chai';
import { originSection } from '../../../../src/incident/report/sections/origin.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('originSection', () => {
  it('claims nothing and says what looks', () => {
    expect(saidBy(originSection(sampleReport()))).to.match(/Not looked for[^]*`kubectl ir changes ir-1`/);
  });
});
