import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { readCustody } from '../../src/evidence/custody-log.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { readCourse } from '../../src/incident/case-course.ts';
import { sampleCase } from '../evidence/sample.ts';
import { inSandbox } from '../evidence/sandbox.ts';

const program = fileURLToPath(new URL('../../bin/kubectl-ir.ts', import.meta.url));

describe('the course of a case', () => {
  it('is written by two processes at once, and nothing is lost', async function () {
    this.timeout(120_000);
    await inSandbox(async (dir) => {
      await sampleCase(dir);
      const remarks = ['jane', 'joe'].map((who) => [1, 2, 3].map((turn) => `${who} ${turn}`));
      await Promise.all(
        remarks.map(async (own) => {
          for (const remark of own)
            await promisify(execFile)(process.execPath, [program, 'case', 'log', dir, '--remark', remark]);
        }),
      );
      const { head, broken } = await readCustody(dir);
      expect([head.seq, broken]).to.deep.equal([12, undefined]);
      const { course } = await readCourse(dir);
      for (const own of remarks)
        expect(course.entries.map(({ text }) => text).filter((text) => own.includes(text))).to.deep.equal(
          own,
        );
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
    });
  });
});
