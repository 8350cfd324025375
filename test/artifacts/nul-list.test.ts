import { expect } from 'chai';
import fc from 'fast-check';
import { splitNul } from '../../src/artifacts/nul-list.ts';

describe('splitNul', () => {
  it('keeps empty arguments and a last one without its NUL', () => {
    const pieces = splitNul(Buffer.from('sh\0\0-c\0a b\nc')).map(String);
    expect(pieces).to.deep.equal(['sh', '', '-c', 'a b\nc']);
    expect(splitNul(Buffer.alloc(0))).to.deep.equal([]);
  });

  it('leaves together what is behind the most that it may give', () => {
    const pieces = splitNul(Buffer.from('a\0b\0c\0\0d\0'), 3);
    expect(pieces).to.deep.equal([Buffer.from('a'), Buffer.from('b'), Buffer.from('c\0\0d\0')]);
    expect(splitNul(Buffer.from('a\0b\0c\0'), 3).map(String)).to.deep.equal(['a', 'b', 'c']);
    expect(splitNul(Buffer.from('a\0b\0c'), 3).map(String)).to.deep.equal(['a', 'b', 'c']);
  });

  it('gives back what was joined', () => {
    const argument = fc.uint8Array().map((data) => Buffer.from(data.filter((byte) => byte !== 0)));
    fc.assert(
      fc.property(fc.array(argument), (list) => {
        const joined = Buffer.concat(list.flatMap((piece) => [piece, Buffer.from([0])]));
        expect(splitNul(joined)).to.deep.equal(list);
      }),
    );
  });
});
