import { expect } from 'chai';
import fc from 'fast-check';
import { isLinkName, isMac } from '../../src/containment/link-name.ts';
import { anyText } from '../support/any-text.ts';

describe('names of links', () => {
  it('are those that the kernel takes and that are plain, no other', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 20 }), (name) => {
        expect(isLinkName(name)).to.equal(/^[\w.-]+$/.test(name) && name.length <= 15);
      }),
    );
  });

  it('have hardware addresses and nothing beside them', () => {
    expect(isMac('0a:58:0a:f4:02:01')).to.equal(true);
    for (const bad of ['0a:58:0a:f4:02', '0A:58:0a:f4:02:01', '0a:58:0a:f4:02:01 accept', ''])
      expect(isMac(bad), bad).to.equal(false);
  });
});
