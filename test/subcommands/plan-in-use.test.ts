import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { OperationError } from '../../src/output/errors.ts';
import { planIfAny, requirePlan } from '../../src/subcommands/plan-in-use.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { smallPlan } from '../support/small-plan.ts';

describe('the plan in use', () => {
  it('comes with its path and the digest of its text', () =>
    inSandbox(async (dir) => {
      const file = join(dir, 'ir-plan.yaml');
      await writeFile(file, smallPlan);
      const io = memoryIo({ env: { KUBECTL_IR_PLAN: file } });
      const { plan, path, digest } = await requirePlan(io, undefined);
      expect([plan.organisation, path, digest, io.err()]).to.deep.equal([
        'Example',
        file,
        createHash('sha256').update(smallPlan).digest('hex'),
        '',
      ]);
    }));

  it('says when a part of it cannot be used', () =>
    inSandbox(async (dir) => {
      const file = join(dir, 'ir-plan.yaml');
      await writeFile(file, smallPlan.replace('turnDays: 7', 'turnDays: seven'));
      const io = memoryIo();
      await requirePlan(io, file);
      expect(io.err()).to.match(
        /^warning: entries of the plan .* that cannot be used: 1; see: kubectl ir plan check\n$/,
      );
    }));

  it('must be there when it was named, and need not be otherwise', () =>
    inSandbox(async (dir) => {
      const none = join(dir, 'none.yaml');
      expect(await failureOf(planIfAny(memoryIo(), none))).to.be.instanceOf(OperationError);
      const named = memoryIo({ env: { KUBECTL_IR_PLAN: none } });
      expect(await failureOf(planIfAny(named, undefined))).to.be.instanceOf(OperationError);
      const io = memoryIo();
      expect([await planIfAny(io, undefined), io.err()]).to.deep.equal([undefined, '']);
      expect(await failureOf(requirePlan(memoryIo(), undefined))).to.be.instanceOf(OperationError);
    }));
});
