import { expect } from 'chai';
import { parseWarnings } from '../../src/cluster/warning.ts';

describe('parseWarnings', () => {
  const cases: [string | string[] | undefined, string[]][] = [
    [undefined, []],
    ['299 - "old API"', ['old API']],
    ['299 - "say \\"hi\\" \\\\ there", 299 agent "two, three"', ['say "hi" \\ there', 'two, three']],
    [
      ['299 - "a"', '299 - "b"'],
      ['a', 'b'],
    ],
    ['nonsense', []],
    ['299 - "never ends', []],
  ];
  for (const [header, texts] of cases) {
    it(JSON.stringify(header ?? 'no header'), () => {
      expect(parseWarnings(header)).to.deep.equal(texts);
    });
  }
});
