import { expect } from 'chai';
import { evidence, excerptOf } from '../../src/findings/finding.ts';

describe('evidence of a finding', () => {
  it('is one line that steers no terminal, cut where it is long', () => {
    expect(excerptOf(Buffer.from('a\n\u001b[2J\u202eb'))).to.equal('a\\x0a\\x1b[2J\\xe2\\x80\\xaeb');
    expect(excerptOf('a'.repeat(300))).to.equal(`${'a'.repeat(240)}...`);
    expect(excerptOf(Buffer.alloc(5000, 0x61))).to.equal(`${'a'.repeat(240)}...`);
  });
  it('does not escape twice what was escaped before', () => {
    expect(excerptOf('/tmp/\\x1b[2J\u001b')).to.equal('/tmp/\\x1b[2J\\x1b');
  });
  it('names its item', () => {
    const source = { acquisition: 'a', item: 3, name: '[root]/x' };
    expect(evidence(source, 'y')).to.deep.equal({ ...source, excerpt: 'y' });
  });
});
