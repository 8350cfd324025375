import { expect } from 'chai';
import type { ObjectShape } from '../../../src/incident/plan/shape.ts';
import { togetherProblem } from '../../../src/incident/plan/together.ts';

describe('togetherProblem', () => {
  const problem = (rules: Partial<ObjectShape>, ...there: string[]): string | undefined =>
    togetherProblem({ kind: 'object', members: {}, ...rules }, new Set(there));

  it('wants one alone, one at least, or all or none', () => {
    expect(problem({ oneOf: ['a', 'b'] })).to.equal('needs one of a, b');
    expect(problem({ oneOf: ['a', 'b'] }, 'a', 'b')).to.equal('has a and b; it needs one alone');
    expect(problem({ anyOf: ['a', 'b'] })).to.equal('needs one of a, b');
    expect(problem({ together: ['a', 'b'] }, 'b')).to.equal('has b; a and b go together');
  });

  it('is content otherwise', () => {
    expect(problem({ oneOf: ['a', 'b'], anyOf: ['a'], together: ['c', 'd'] }, 'a')).to.equal(undefined);
    expect(problem({ together: ['a', 'b'] }, 'a', 'b')).to.equal(undefined);
    expect(problem({})).to.equal(undefined);
  });
});
