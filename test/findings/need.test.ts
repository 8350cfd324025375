import { expect } from 'chai';
import { needs } from '../../src/findings/need.ts';
import { bookOf, cleanNode } from './traces-lab.ts';

describe('what rules need', () => {
  it('is shown by a node of which everything was collected', () => {
    const book = bookOf(cleanNode());
    expect(Object.keys(needs).filter((need) => !book.has(need as keyof typeof needs))).to.deep.equal([]);
  });
  it('is not shown by nothing, and says how it is collected', () => {
    const book = bookOf({});
    for (const [need, { collect }] of Object.entries(needs)) {
      expect(book.has(need as keyof typeof needs), need).to.equal(false);
      expect(collect).to.match(/^kubectl ir (?:snapshot node|diff pod) .*\{case\}$/);
    }
  });
});
