import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { rules } from '../../../src/findings/rules.ts';
import { judgeCase } from '../../../src/subcommands/report/judged.ts';
import { caseWith } from '../../evidence/evidence-lab.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { cleanNode } from '../../findings/traces-lab.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { damageItem } from '../timeline-lab.ts';

const { signal } = new AbortController();

describe('judgeCase', () => {
  it('holds all rules against each node', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, cleanNode(), { '[root]/etc/passwd': '' });
      const { part } = await judgeCase(dir, 'ir-1', { gaps: [], damaged: [] }, signal);
      expect(part.judged + part.notJudged.total).to.equal(2 * rules.length);
      expect(part.notJudged.items[0]?.next).to.contain('--case ir-1');
    }));

  it('leaves out what was changed, and says in place of findings that there is no evidence', () =>
    inSandbox(async (dir) => {
      await (await openCase(memoryIo(), { dir, target: 'web' })).close();
      const trouble = { gaps: [], damaged: [] as string[] };
      expect((await judgeCase(dir, 'ir-1', trouble, signal)).part.failed).to.contain('no evidence');
      expect(trouble.damaged).to.deep.equal([]);
      await caseWith(dir, cleanNode());
      await damageItem(dir, '[root]/proc/1/status');
      expect((await judgeCase(dir, 'ir-1', trouble, signal)).part).not.to.have.property('failed');
      expect(trouble.damaged[0]).to.contain('not what was collected');
    }));
});
