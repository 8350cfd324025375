import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { findPlan, loadPlan, usablePlan } from '../../../src/incident/plan/plan-file.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { exampleText } from './plan-lab.ts';

describe('findPlan', () => {
  it('takes what is named, then the environment, then the nearest above, no further than the root of git', () =>
    inSandbox(async (sandbox) => {
      const dir = await realpath(sandbox);
      const deep = join(dir, 'repo/a/b');
      await mkdir(join(dir, 'repo/.git'), { recursive: true });
      await mkdir(deep, { recursive: true });
      const io = memoryIo();
      await writeFile(join(dir, 'ir-plan.yaml'), 'outside of the repository');
      const none = await failureOf(findPlan(io, undefined, deep));
      expect(none).to.be.instanceOf(OperationError);
      expect(none.message).to.equal(`there is no ir-plan.yaml in ${deep} or above it`);
      expect('advice' in none && none.advice).to.contain('kubectl ir plan init makes one');
      await writeFile(join(dir, 'repo/ir-plan.yaml'), exampleText);
      expect(await findPlan(io, undefined, deep)).to.equal(join(dir, 'repo/ir-plan.yaml'));
      await writeFile(join(deep, 'ir-plan.yaml'), exampleText);
      expect(await findPlan(io, undefined, deep)).to.equal(join(deep, 'ir-plan.yaml'));
      const named = memoryIo({ env: { KUBECTL_IR_PLAN: 'other.yaml' } });
      expect(await findPlan(named, undefined, deep)).to.equal(join(deep, 'other.yaml'));
      expect(await findPlan(named, '../x.yaml', deep)).to.equal(join(dir, 'repo/a/x.yaml'));
    }));
});

describe('loadPlan', () => {
  it('reads the plan that is there', () =>
    inSandbox(async (dir) => {
      await writeFile(join(dir, 'ir-plan.yaml'), exampleText);
      const reading = await loadPlan(memoryIo(), undefined, dir);
      expect(usablePlan(reading).organisation).to.equal('Kestrel Rail Tickets');
    }));

  it('says what cannot be read and why', () =>
    inSandbox(async (dir) => {
      const reasonOf = async (name: string): Promise<string> =>
        (await failureOf(loadPlan(memoryIo(), name, dir))).message;
      expect(await reasonOf('none.yaml')).to.match(/^reading the plan \S+none\.yaml: there is no such file$/);
      await writeFile(join(dir, 'latin1.yaml'), Buffer.from('name: Andr\xe9\n', 'latin1'));
      expect(await reasonOf('latin1.yaml')).to.match(/: it is not UTF-8 text$/);
      expect(await reasonOf('.')).to.match(/EISDIR/);
    }));

  it('refuses ten megabytes in one sentence, without parsing them', () =>
    inSandbox(async (dir) => {
      await writeFile(join(dir, 'so large.yaml'), 'a: [x]\n'.repeat(1_500_000));
      const reading = await loadPlan(memoryIo(), 'so large.yaml', dir);
      expect(reading.problems.map(({ message }) => message)).to.deep.equal([
        'the file is larger than 1024 KiB; a plan is text that people read',
      ]);
      expect(() => usablePlan(reading))
        .to.throw(OperationError, /large\.yaml:1: the file is larger/)
        .with.property(
          'advice',
          `all that is wrong is listed by: kubectl ir plan check '${join(dir, 'so large.yaml')}'`,
        );
    }));
});
