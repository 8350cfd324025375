import { expect } from 'chai';
import { assert, property, string } from 'fast-check';
import MarkdownIt from 'markdown-it';
import { Marked, marked } from '../../../../src/incident/report/markdown/escape.ts';
import { terminalLine } from '../../../../src/output/line.ts';
import { anyText } from '../../../support/any-text.ts';

const reader = new MarkdownIt({ html: true, linkify: true });

function texts(markdown: string): { readonly kinds: string[]; readonly content: string } {
  const children = reader.parseInline(markdown, {}).flatMap((one) => one.children ?? []);
  return {
    kinds: children.map(({ type }) => type),
    content: children.map(({ content }) => content).join(''),
  };
}

describe('escape', () => {
  it('makes text that means nothing in Markdown and reads as it was', () => {
    assert(
      property(anyText(), (text) => {
        const { kinds, content } = texts(marked`x${text}x`.toString());
        for (const kind of kinds) expect(['text', 'text_special']).to.include(kind);
        const shown = terminalLine(text);
        if (shown.trim() === shown) expect(content).to.equal(`x${shown}x`);
      }),
    );
  });

  it('makes code that ends where it should', () => {
    assert(
      property(string({ unit: 'grapheme-ascii' }), (text) => {
        const { kinds, content } = texts(marked`x${Marked.code(text)}x`.toString());
        if (text.trim() === '') return;
        expect(kinds).to.deep.equal(['text', 'code_inline', 'text']);
        expect(content).to.equal(`x${terminalLine(text)}x`);
      }),
    );
  });

  it('makes of code with a bar plain text in a cell', () => {
    expect(Marked.code('a|b', true).toString()).to.equal('a\\|b');
    expect(Marked.code('a|b').toString()).to.equal('`a|b`');
    expect(Marked.code(' ').toString()).to.equal('\\-');
  });
});
