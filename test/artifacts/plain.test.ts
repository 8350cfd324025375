import { expect } from 'chai';
import fc from 'fast-check';
import { plainRecord } from '../../src/artifacts/plain.ts';

describe('plainRecord', () => {
  it('makes of every value what JSON can hold', () =>
    expect(
      plainRecord({
        a: 1,
        p: Buffer.from('C:\\x41'),
        b: 2n ** 60n,
        c: Buffer.from('x\u001b'),
        d: [Buffer.from('y'), Buffer.from([0xff])],
        e: new Map([['k', new Set([1n])]]),
        f: undefined,
        g: { h: null },
      }),
    ).to.deep.equal({
      a: 1,
      p: 'C:\\x41',
      b: '1152921504606846976',
      c: 'x\\x1b',
      cBytes: Buffer.from('x\u001b').toString('base64'),
      d: ['y', '\\xff'],
      dBytes: ['eQ==', '/w=='],
      e: { k: ['1'] },
      g: { h: null },
    }));

  it('keeps what is called as the prototype of an object is', () => {
    const labels = JSON.parse('{"__proto__":{"a":1}}') as object;
    expect(
      JSON.stringify(plainRecord({ labels, fields: new Map([['__proto__', Buffer.from('x')]]) })),
    ).to.equal('{"labels":{"__proto__":{"a":1}},"fields":{"__proto__":"x"}}');
  });

  it('loses no byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        const plain = plainRecord({ a: Buffer.from(data) });
        const back =
          'aBytes' in plain
            ? Buffer.from(String(plain['aBytes']), 'base64')
            : Buffer.from(String(plain['a']));
        expect(back.equals(Buffer.from(data))).to.equal(true);
        expect(() => JSON.stringify(plain)).not.to.throw();
      }),
    );
  });
});
