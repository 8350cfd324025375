import { expect } from 'chai';
import fc from 'fast-check';
import { checkedUid, isUid, objectName, routeTag, tableNames } from '../../src/containment/names.ts';
import { OperationError } from '../../src/output/errors.ts';
import { uid } from './subjects.ts';

describe('names', () => {
  it('come from the uid alone', () => {
    expect(objectName(uid)).to.equal(`ir-${uid}`);
    expect(tableNames(uid)).to.deep.equal({
      mark: `ir-mark-${uid}`,
      cut: `ir-cut-${uid}`,
      inside: `ir-inside-${uid}`,
      count: `ir-count-${uid}`,
    });
  });

  it('mark rules of routing as the kernel prints a mark, never with nothing', () => {
    expect(routeTag(uid)).to.equal('0x5f0c1e7a');
    expect(routeTag(`000a${uid.slice(4)}`)).to.equal('0xa1e7a');
    expect(routeTag(`00000000${uid.slice(8)}`)).to.equal('0x1');
  });

  it('are never made of anything else', () => {
    for (const bad of [`${uid}\n`, uid.toUpperCase(), '', '../x', 'a'.repeat(32), undefined, 7])
      expect(() => checkedUid(bad), String(bad)).to.throw(OperationError);
    fc.assert(fc.property(fc.anything(), (value) => !isUid(value)));
    fc.assert(fc.property(fc.uuid(), (value) => isUid(value)));
  });
});
