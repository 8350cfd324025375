import { expect } from 'chai';
import { walkToken } from '../../src/filesystem/walk-token.ts';

describe('walkToken', () => {
  it('is one word of its own each time, which means nothing to a shell', () => {
    const tokens = Array.from({ length: 100 }, walkToken);
    expect(new Set(tokens).size).to.equal(100);
    for (const token of tokens) expect(token).to.match(/^@[0-9a-f]{24}$/);
  });
});
