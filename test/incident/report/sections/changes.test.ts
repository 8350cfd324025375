import { expect } from 'chai';
import { changesSection } from '../../../../src/incident/report/sections/changes.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('changesSection', () => {
  const sample = sampleReport();

  it('has changed paths, programs without a file of the image, and where it is blind', () => {
    const text = saidBy(changesSection(sample));
    for (const part of [
      '| modified | `/usr/bin/curl` | file | executable | 2026-11-22 04:15:00 UTC | `cd` |',
      '| 7 | `sh` | `/tmp/sh` | deleted | 2026-11-22 04:15:00 UTC |',
      '- blind: a layer',
      'no: what is missing here is not clean, it was not seen',
      'The first 1 of 2 changes',
      '3 entries made by the runtime left out',
      'Revision: `abc`',
    ])
      expect(text).to.contain(part);
  });

  it('says how to compare when nothing was', () => {
    expect(saidBy(changesSection({ ...sample, containers: [] }))).to.contain(
      'kubectl ir diff pod NAME --case CASE',
    );
  });
});
