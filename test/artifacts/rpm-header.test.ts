import { expect } from 'chai';
import { mostValues, RpmHeader } from '../../src/artifacts/rpm-header.ts';
import { survivesHostileBytes } from './hostile.ts';
import { rpmHeader, sampleHeader } from './rpm-lab.ts';

describe('RpmHeader', () => {
  it('reads texts and numbers by tag', () => {
    const header = RpmHeader.read(sampleHeader);
    expect(header?.text(1000)).to.equal('bash');
    expect(header?.texts(1117).map(String)).to.deep.equal(['bash', 'doc']);
    expect(header?.numbers(1116)).to.deep.equal([0, 1]);
    expect(header?.text(1116)).to.equal(undefined);
    expect(header?.numbers(1000)).to.deep.equal([]);
    expect(header?.text(1)).to.equal(undefined);
  });

  it('has no more tags and values than a real one', () => {
    const many = rpmHeader({ 1000: 'a', 1117: Array<string>(mostValues + 1).fill('') });
    expect(RpmHeader.read(many)?.texts(1117)).to.have.length(mostValues);
    expect(RpmHeader.read(many)?.count(1117)).to.equal(mostValues + 1);
    const numbers = rpmHeader({ 1116: Array<number>(mostValues + 1).fill(1) });
    expect(RpmHeader.read(numbers)?.numbers(1116)).to.have.length(mostValues);
    const tags = Buffer.alloc(8 + 70_000 * 16);
    tags.writeUInt32BE(70_000);
    expect(RpmHeader.read(tags)).to.equal(undefined);
  });

  it('survives hostile bytes', () =>
    survivesHostileBytes((bytes) => {
      const header = RpmHeader.read(bytes);
      return [1000, 1116, 1117, 1118].flatMap((tag) => {
        expect(header?.numbers(tag).length ?? 0).to.be.at.most(bytes.length / 4);
        return (header?.texts(tag) ?? []).slice(0, 1).map((text) => ({ text }));
      });
    }, sampleHeader));
});
