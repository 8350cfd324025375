import { expect } from 'chai';
import { FieldReader } from '../../src/cluster/kubeconfig-fields.ts';
import { OperationError } from '../../src/output/errors.ts';

const reader = (value: unknown) => new FieldReader('/k', '', value);

describe('FieldReader', () => {
  it('reads fields of the wanted type, and what is absent as nothing', () => {
    const fields = reader({ a: 'x', b: true, c: ['y'], d: { e: 'z' }, f: [{ g: '1' }], h: null, i: '' });
    expect(fields.string('a')).to.equal('x');
    expect(fields.boolean('b')).to.equal(true);
    expect(fields.strings('c')).to.deep.equal(['y']);
    expect(fields.map('d').string('e')).to.equal('z');
    expect(fields.maps('f').map((item) => item.string('g'))).to.deep.equal(['1']);
    expect([fields.string('h'), fields.string('i'), fields.string('none')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect([fields.boolean('none'), fields.has('h'), fields.has('i')]).to.deep.equal([false, false, true]);
    expect(fields.map('none').keys()).to.deep.equal([]);
    expect(fields.raw('c')).to.deep.equal(['y']);
  });

  const wrong: [string, (fields: FieldReader) => unknown, string][] = [
    ['a number', (fields) => fields.string('n'), 'n must be a string'],
    ['a string for a switch', (fields) => fields.boolean('s'), 's must be true or false'],
    ['a string for a list', (fields) => fields.strings('s'), 's must be a list'],
    ['a number in a list', (fields) => fields.strings('l'), 'l[1] must be a string'],
    ['a list for a mapping', (fields) => fields.map('l'), 'l must be a mapping'],
    [
      'a wrong field far inside',
      (fields) => fields.maps('m')[0]?.map('x').string('y'),
      'm[0].x.y must be a string',
    ],
  ];
  for (const [what, read, message] of wrong) {
    it(`refuses ${what} and says where`, () => {
      const fields = reader({ n: 1, s: 'x', l: ['a', 2], m: [{ x: { y: {} } }] });
      expect(() => read(fields)).to.throw(OperationError, `error loading config file "/k": ${message}`);
    });
  }
});
