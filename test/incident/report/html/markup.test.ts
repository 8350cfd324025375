import { expect } from 'chai';
import { assert, property } from 'fast-check';
import { markup } from '../../../../src/incident/report/html/markup.ts';
import { anyText } from '../../../support/any-text.ts';

describe('markup', () => {
  it('escapes every value, in text and in attributes', () => {
    const evil = `<b a="1" c='2'>&amp;`;
    expect(markup`<p title="${evil}">${evil}</p>`.toString()).to.equal(
      '<p title="&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;">&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;</p>',
    );
  });

  it('keeps what it made itself', () => {
    const items = ['<', '>'].map((one) => markup`<li>${one}</li>`);
    expect(markup`<ul>${items}</ul>${1}`.toString()).to.equal('<ul><li>&lt;</li><li>&gt;</li></ul>1');
  });

  it('gives back the visible form of any text when its entities are read', () => {
    assert(
      property(anyText(), (text) => {
        const escaped = markup`${text}`.toString();
        expect(escaped).not.to.match(/[<>"'\p{Cc}\p{Cf}]/u);
        expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.to.contain('&');
      }),
    );
  });
});
