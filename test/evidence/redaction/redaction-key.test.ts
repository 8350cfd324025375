import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { redactionKey } from '../../../src/evidence/redaction/redaction-key.ts';
import { failureOf } from '../../support/failure.ts';
import { inSandbox } from '../sandbox.ts';

describe('redaction key', () => {
  it('is made once, beside the case, for its owner alone', () =>
    inSandbox(async (dir) => {
      const key = await redactionKey(join(dir, 'case'));
      expect(key).to.have.length(32);
      expect(await redactionKey(join(dir, 'case'))).to.deep.equal(key);
      expect((await stat(join(dir, 'case.redaction-key'))).mode & 0o777).to.equal(0o600);
      await writeFile(join(dir, 'case.redaction-key'), 'x');
      expect((await failureOf(redactionKey(join(dir, 'case')))).message).to.contain('holds no key');
    }));
});
