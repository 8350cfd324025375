import { expect } from 'chai';
import { markup } from '../../../../src/incident/report/html/markup.ts';
import { svg } from '../../../../src/incident/report/html/svg.ts';

describe('svg', () => {
  it('has a title and a description', () => {
    expect(svg({ title: 'a & b', description: 'c' }, 10, [markup`<g/>`]).toString()).to.equal(
      '<svg viewBox="0 0 760 10" role="img" aria-label="a &amp; b" xmlns="http://www.w3.org/2000/svg"><title>a &amp; b</title><desc>c</desc><g/></svg>',
    );
  });
});
