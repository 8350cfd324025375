import { readFileSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { readReport } from '../../../src/subcommands/report/read-report.ts';
import { caseWith } from '../../evidence/evidence-lab.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { memoryIo } from '../../support/memory-io.ts';

const { signal } = new AbortController();
const schema = readFileSync(new URL('../../../schema/report.json', import.meta.url), 'utf8');
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(schema) as object);

describe('readReport', () => {
  it('has the state of the case, its course, and what is missing', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { a: { truncated: 'x' }, b: { truncated: 'y' }, c: 'z' });
      const { report, trouble } = await readReport(memoryIo(), dir, signal);
      expect(validate(report), JSON.stringify(validate.errors)).to.equal(true);
      expect(report.case).to.deep.include({
        state: 'open',
        target: 'node',
        created: '2026-11-22T04:15:00.000Z',
      });
      expect(report.case.head.line).to.equal(report.custody.total);
      expect(report.case.acquisitions.items[0]).to.include({ outcome: 'complete', items: 4, gaps: 2 });
      expect(report.gaps.items).to.have.length(1);
      expect(report.gaps.items[0]).to.match(/-node-node-a: a and 1 more: truncated, the last bytes$/);
      expect(report.course.moments.detected).to.include({ shown: 'opened', line: 1 });
      expect(report.spans.map(({ lane }) => lane)).to.deep.equal(['collect']);
      expect(trouble).to.deep.equal({ gaps: [], damaged: [] });
    }));

  it('is the same wherever the case lies, also where some of it can not be read', () =>
    inSandbox(async (dir) => {
      const [one, other] = [join(dir, 'one'), join(dir, 'other')];
      await caseWith(one, { a: 'x' }, { b: 'y' });
      const [name = ''] = await readdir(join(one, 'data/acquisitions'));
      await rm(join(one, 'data/acquisitions', name, 'acquisition.json'));
      await cp(one, other, { recursive: true });
      const { report, trouble } = await readReport(memoryIo(), one, signal);
      expect(validate(report), JSON.stringify(validate.errors)).to.equal(true);
      expect(trouble.damaged).to.have.length(1);
      expect((await readReport(memoryIo(), other, signal)).report).to.deep.equal(report);
    }));

  it('reads a case that was only opened, and one whose parts are gone', () =>
    inSandbox(async (dir) => {
      await (await openCase(memoryIo(), { dir, target: 'web' })).close();
      const { report, trouble } = await readReport(memoryIo(), dir, signal);
      expect(report.summary.verdict).to.equal('NOT ISOLATED');
      expect(report.findings.failed).to.be.a('string');
      expect(trouble.gaps).to.deep.equal(['nothing was collected into the case']);
      await rm(join(dir, 'data/custody.jsonl'));
      expect((await readReport(memoryIo(), dir, signal)).report.case.head.line).to.equal(0);
    }));
});
