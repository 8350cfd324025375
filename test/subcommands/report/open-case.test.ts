import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { acquisitionsOf } from '../../../src/subcommands/report/open-case.ts';
import { caseWith } from '../../evidence/evidence-lab.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { memoryIo } from '../../support/memory-io.ts';

describe('acquisitionsOf', () => {
  it('has what can be opened and tells of the rest', () =>
    inSandbox(async (dir) => {
      const trouble = { gaps: [], damaged: [] };
      await caseWith(dir, { a: 'x' }, { b: 'y' });
      const [first, second] = await acquisitionsOf(dir, trouble);
      expect(trouble).to.deep.equal({ gaps: [], damaged: [] });
      await rm(join(first?.reader.dir ?? '', 'items.jsonl'));
      await rm(join(second?.reader.dir ?? '', second?.reader.info.tar.name ?? ''));
      expect((await acquisitionsOf(dir, trouble)).map(({ name }) => name)).to.deep.equal([second?.name]);
      expect(trouble.damaged[0]).to.match(/^\S+-node-node-a: .*items\.jsonl can't be read \(ENOENT\)$/);
      expect(trouble.gaps[0]).to.match(/^acquisition \S+-node-node-b: .*\.tar can't be read \(ENOENT\)$/);
    }));

  it('has none of a case into which nothing was collected', () =>
    inSandbox(async (dir) => {
      await (await openCase(memoryIo(), { dir, target: 'web' })).close();
      const trouble = { gaps: [], damaged: [] };
      expect(await acquisitionsOf(dir, trouble)).to.deep.equal([]);
      expect(trouble.gaps).to.deep.equal(['nothing was collected into the case']);
    }));
});
