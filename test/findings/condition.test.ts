import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Condition,
  fieldsOf,
  holds,
  type Operator,
  type Scalar,
  testOf,
  valuesOf,
} from '../../src/findings/condition.ts';

const at = (operator: Operator, operand: Scalar | readonly Scalar[], value: Scalar): boolean =>
  testOf(operator, operand)(value);

describe('a test of a field', () => {
  it('compares texts and numbers as they are written', () => {
    expect(at('equals', 22, '22') && at('equals', '22', 22) && at('equals', true, true)).to.equal(true);
    expect(at('equals', 'A', 'a') || at('equals', '22', 220)).to.equal(false);
    expect(at('in', [22, 'x'], 'x') && at('in', [22, 'x'], 22)).to.equal(true);
    expect(at('in', [22], 2)).to.equal(false);
  });
  it('finds parts of texts', () => {
    expect(
      at('contains', 'b', 'abc') && at('startsWith', 'ab', 'abc') && at('endsWith', 'bc', 'abc'),
    ).to.equal(true);
    expect(at('contains', 'x', 'abc') || at('startsWith', 'b', 'abc') || at('endsWith', 'b', 'abc')).to.equal(
      false,
    );
  });
  it('knows networks of both families, and nothing else is in one', () => {
    expect(at('cidr', '10.0.0.0/8', '10.255.0.1') && at('cidr', ['fd00::/8', '1.2.3.4'], '1.2.3.4')).to.equal(
      true,
    );
    expect(at('cidr', 'fd00::/8', 'fd12::1') && at('cidr', '10.0.0.0/8', '::ffff:10.1.2.3')).to.equal(true);
    for (const value of ['11.0.0.1', '10.0.0.0/8', '10.1', '', 'fd00::1', 'x'])
      expect(at('cidr', '10.0.0.0/8', value), value).to.equal(false);
  });
  it('orders numbers and times, and nothing else', () => {
    expect(
      at('greater', 10, 11) && at('less', 10, '9') && at('greater', 10, '18446744073709551615'),
    ).to.equal(true);
    expect(at('greater', '2026-11-22T04:15:00Z', '2026-11-22T05:15:01+01:00')).to.equal(true);
    expect(at('greater', 10, 10) || at('less', 10, 'x') || at('greater', 10, '')).to.equal(false);
    expect(at('less', '2026-11-22T04:15:00Z', 5)).to.equal(false);
  });
  it('refuses operands that it can not work with', () => {
    const bad: readonly (readonly [Operator, Scalar | readonly Scalar[]])[] = [
      ['in', 'x'],
      ['equals', ['x']],
      ['cidr', '10.0.0.0/33'],
      ['cidr', 'example.org'],
      ['cidr', ['10.0.0.0/8', '']],
      ['matches', '(?=x)'],
      ['matches', '['],
      ['matches', '(x{1000}){1000}'],
      ['greater', 'soon'],
      ['less', '2026-99-22T04:15:00Z'],
    ];
    for (const [operator, operand] of bad)
      expect(() => testOf(operator, operand), `${operator} ${String(operand)}`).to.throw(RangeError);
  });
  it('takes no longer for an expression and a text that were made to take long', () => {
    for (const pattern of ['(a+)+$', '^(a|a)*$', '(.*,){20}x$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      const test = testOf('matches', pattern);
      const started = performance.now();
      expect(test(`${'a'.repeat(60_000)},!`), pattern).to.equal(false);
      expect(performance.now() - started, pattern).to.be.lessThan(5_000);
    }
  });
});

describe('a condition', () => {
  const port: Condition = { field: ['remotePort'], test: testOf('equals', 4444) };
  const home: Condition = { field: ['remoteAddress'], test: testOf('cidr', '10.0.0.0/8') };

  it('joins tests by all, any and not', () => {
    const record = { remotePort: 4444, remoteAddress: '10.1.1.1' };
    expect(holds({ all: [port, home] }, record)).to.equal(true);
    expect(holds({ all: [port, { not: home }] }, record)).to.equal(false);
    expect(holds({ any: [{ not: port }, home] }, record)).to.equal(true);
    expect(fieldsOf({ all: [port, { not: { any: [home] } }] })).to.deep.equal([
      ['remotePort'],
      ['remoteAddress'],
    ]);
  });
  it('holds for a field that is not there only where it is turned round', () => {
    expect([holds(port, {}), holds({ not: port }, {})]).to.deep.equal([false, true]);
  });
  it('looks into records and lists of them, and at nothing that an object inherits', () => {
    const record = { holders: [{ pid: 1, status: { name: 'a' } }, { pid: 2 }], flags: ['x', 'y'] };
    expect(valuesOf(record, ['holders', 'pid'])).to.deep.equal([1, 2]);
    expect(valuesOf(record, ['holders', 'status', 'name'])).to.deep.equal(['a']);
    expect(valuesOf(record, ['flags'])).to.deep.equal(['x', 'y']);
    for (const path of [
      ['constructor'],
      ['__proto__'],
      ['flags', 'length'],
      ['holders'],
      ['holders', 'status'],
    ])
      expect(valuesOf(record, path), path.join('.')).to.deep.equal([]);
  });
  it('gives an answer for any record', () => {
    fc.assert(
      fc.property(fc.object(), (record) => typeof holds({ any: [port, home] }, record) === 'boolean'),
    );
  });
});
