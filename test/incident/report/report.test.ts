import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { hostile, sampleReport, stringsOf, withStrings } from './report-lab.ts';
import { formatData } from '../../../src/output/printer.ts';

describe('a report as data', () => {
  const text = readFileSync(new URL('../../../schema/report.json', import.meta.url), 'utf8');
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);

  it('is as its schema says, with every member that there may be', () => {
    expect(validate(sampleReport()), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...sampleReport(), more: 1 })).to.equal(false);
  });

  it('gives back every string, and holds none that steers a terminal', async () => {
    for (const one of hostile) {
      const report = withStrings(sampleReport(), () => Buffer.from(one).toString());
      const written = await formatData(report, 'json');
      expect(written.replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(written)).to.deep.equal(report);
      expect(validate(JSON.parse(written)), JSON.stringify(validate.errors)).to.equal(true);
    }
    expect(stringsOf(sampleReport()).size).to.be.greaterThan(150);
  });
});
