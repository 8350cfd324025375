import { expect } from 'chai';
import { facts } from '../../../src/incident/report/document.ts';

describe('facts', () => {
  it('have no row without a value', () => {
    expect(
      facts([
        ['a', 'b'],
        ['c', undefined],
        ['d', ''],
      ]),
    ).to.deep.equal({ kind: 'facts', rows: [['a', 'b']] });
  });
});
