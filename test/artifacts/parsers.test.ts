import { expect } from 'chai';
import { catalogue } from '../../src/artifacts/catalogue.ts';
import { parsers, placed } from '../../src/artifacts/parsers.ts';
import { hostileBytes } from './hostile.ts';
import fc from 'fast-check';
import { accessTo } from '../../src/artifacts/random-access.ts';

describe('parsers', () => {
  it('are there for everything in the catalogue that says so', () => {
    const joined = ['process', 'sockets'];
    for (const { name, parser } of catalogue)
      if (parser !== undefined && !joined.includes(parser))
        expect(Object.keys(parsers), name).to.include(parser);
  });

  for (const [name, parser] of Object.entries(parsers))
    it(`of ${name} live through anything`, () => {
      fc.assert(
        fc.property(hostileBytes(Buffer.alloc(400, 7)), (bytes) => {
          const place = { path: Buffer.from('[root]/x/y'), offset: 0 };
          const records =
            parser.feed === 'access'
              ? parser.parse(accessTo(bytes), accessTo(bytes), place.path)
              : parser.parse(bytes, place);
          for (const record of records) expect(record).to.be.an('object');
        }),
        { numRuns: 30 },
      );
    });
});

describe('placed', () => {
  it('moves offsets and nothing else', () => {
    expect(placed({ malformed: 'x', offset: 3 }, 10)).to.deep.equal({ malformed: 'x', offset: 13 });
    expect(placed({ a: 1 }, 10)).to.deep.equal({ a: 1 });
  });
});
