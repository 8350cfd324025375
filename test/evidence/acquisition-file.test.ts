import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readAcquisitionRecord } from '../../src/evidence/acquisition-file.ts';
import { NewerError, OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';
import { unreadables } from './unreadable.ts';

describe('the record of an acquisition', () => {
  it('is read from its directory', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
      expect(await readAcquisitionRecord(join(dir, 'data/acquisitions', name))).to.include({
        collection: 'diff',
        outcome: 'complete',
      });
    }));

  for (const { what, harm, reason, mayBeWhole = false } of unreadables)
    it(`has a reason where an acquisition is ${what}`, () =>
      inSandbox(async (outside) => {
        const dir = join(outside, 'case');
        await sampleCase(dir, false);
        const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
        const place = join(dir, 'data/acquisitions', name);
        await harm(place);
        const error = await failureOf(readAcquisitionRecord(place));
        expect(error).to.be.instanceOf(OperationError);
        expect([error.message.slice(place.length + 1), error instanceof NewerError]).to.deep.equal([
          reason,
          mayBeWhole,
        ]);
      }));
});
