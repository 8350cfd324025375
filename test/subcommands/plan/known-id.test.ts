import { expect } from 'chai';
import { UsageError } from '../../../src/output/errors.ts';
import { knownId } from '../../../src/subcommands/plan/known-id.ts';

describe('knownId', () => {
  const entries = [{ id: 'SEV1' }, { id: 'sev2' }];

  it('takes ids of the plan, in letters of either case', () => {
    expect(['SEV1', 'sev1', 'SEV2', undefined].map((id) => knownId('severity', id, entries))).to.deep.equal([
      'SEV1',
      'SEV1',
      'sev2',
      undefined,
    ]);
  });

  it('names the ids of the plan for any other', () => {
    expect(() => knownId('severity', 'SEV', entries)).to.throw(
      UsageError,
      /^the plan has no severity "SEV".*\nseverity: SEV1, sev2$/,
    );
    expect(() => knownId('area', 'x', [])).to.throw(UsageError, /^the plan has no area "x"$/);
  });
});
