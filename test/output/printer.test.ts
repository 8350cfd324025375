import { expect } from 'chai';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { formatData, printData } from '../../src/output/printer.ts';
import { memoryIo } from '../support/memory-io.ts';
import { anyText } from '../support/any-text.ts';

const steering = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
const hostile = {
  name: 'a\u009b31m\x1b[0m\n\u202eb',
  'k\0': ['-rf: x', 'yes', '0x10', '2026-01-01', '\ud800'],
};

describe('formatData', () => {
  it('prints JSON indented by two', async () => {
    expect(await formatData({ a: [1] }, 'json')).to.equal('{\n  "a": [\n    1\n  ]\n}\n');
  });

  it('prints YAML in block style', async () => {
    expect(await formatData({ a: [1], t: 'x\ny' }, 'yaml')).to.equal('a:\n  - 1\nt: |-\n  x\n  y\n');
  });

  for (const format of ['json', 'yaml'] as const) {
    it(`gives the same data back from ${format}, with nothing in it that steers a terminal`, async () => {
      const text = await formatData(hostile, format);
      expect(text).to.not.match(steering);
      expect(format === 'json' ? JSON.parse(text) : load(text)).to.deep.equal(hostile);
    });

    it(`does so for any text in ${format}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyText()), async (data) => {
          const text = await formatData(data, format);
          expect(text).to.not.match(steering);
          expect(format === 'json' ? JSON.parse(text) : load(text)).to.deep.equal(data);
        }),
      );
    });
  }
});

describe('printData', () => {
  it('writes to stdout', async () => {
    const io = memoryIo();
    await printData(io, 1, 'json');
    expect([io.out(), io.err()]).to.deep.equal(['1\n', '']);
  });
});
