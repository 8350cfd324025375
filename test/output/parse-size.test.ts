import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { parseSize } from '../../src/output/parse-size.ts';

describe('parseSize', () => {
  it('reads quantities as Kubernetes writes them', () => {
    const sizes = {
      1: 1,
      '512Mi': 536_870_912,
      '1.5Gi': 1_610_612_736,
      '2G': 2e9,
      '1Ti': 2 ** 40,
      '3k': 3000,
    };
    for (const [text, bytes] of Object.entries(sizes)) expect(parseSize('max-size', text)).to.equal(bytes);
  });

  it('refuses what is none, and nothing at all', () => {
    for (const text of ['', '0', '-1', '1 Gi', '1gi', 'Gi', '1e9', '9999999Ti', '0.1'])
      expect(() => parseSize('max-size', text), text).to.throw(UsageError, '--max-size');
  });
});
