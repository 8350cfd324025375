import { expect } from 'chai';
import { pictureOf } from '../../../../src/incident/report/html/picture.ts';
import { matrixOf } from '../../../../src/incident/report/sections/findings.ts';
import { stripsOf } from '../../../../src/incident/report/sections/timeline.ts';
import { lanesOf } from '../../../../src/incident/report/sections/times.ts';
import { relationsOf } from '../../../../src/incident/report/sections/workloads.ts';
import { sampleReport } from '../report-lab.ts';

describe('pictureOf', () => {
  it('says in words what each picture shows, and can be reached by the keyboard where it scrolls', () => {
    const report = sampleReport();
    const strips = stripsOf(report);
    if (strips === undefined) throw new Error('no strips');
    for (const figure of [
      strips,
      lanesOf(report.course.moves.items, report.spans),
      relationsOf(report),
      matrixOf(report.findings),
    ]) {
      const text = pictureOf(figure).toString();
      expect(text).to.match(
        /^<figure><figcaption>[^<]+<\/figcaption><div class="picture" tabindex="0" role="group" aria-label="[^"]+"><svg [^>]*role="img"/,
      );
      expect(text).to.match(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
      expect(text).not.to.contain('NaN').and.not.contain('undefined');
    }
  });
});
