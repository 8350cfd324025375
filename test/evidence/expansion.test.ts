import { expect } from 'chai';
import { mostOfLog, refuseBomb } from '../../src/evidence/expansion.ts';

const gibibyte = 2 ** 30;

describe('refuseBomb', () => {
  it('lets pass a gibibyte out of anything, and a thousand times its size beyond', () => {
    refuseBomb('x', 10, gibibyte);
    refuseBomb('x', 21 * 2 ** 20, 20 * gibibyte);
    expect(() => refuseBomb('x.tar.zst', 2 ** 20, 2 * gibibyte)).to.throw(
      'x.tar.zst unpacks to more than 1000 times its size (1.0Mi gave 2.0Gi); it was read no further',
    );
  });

  it('lets nothing pass beyond a bound, however large it is itself', () => {
    refuseBomb('x', gibibyte, mostOfLog, mostOfLog);
    expect(() => refuseBomb('x.gz', gibibyte, mostOfLog + 1, mostOfLog)).to.throw(
      'x.gz unpacks to more than 4.0Gi; it was read no further',
    );
  });
});
