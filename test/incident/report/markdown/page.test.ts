import { expect } from 'chai';
import MarkdownIt from 'markdown-it';
import { markdownPage } from '../../../../src/incident/report/markdown/page.ts';
import type { Report } from '../../../../src/incident/report/report.ts';
import { documentOf } from '../../../../src/incident/report/sections.ts';
import { hostile, sampleReport, withStrings } from '../report-lab.ts';

const reader = new MarkdownIt({ html: true, linkify: true });

function page(report: Report): string {
  return [...markdownPage(documentOf(report, 'all'))].join('');
}

/** Kinds of what a reader of Markdown finds in a text, with what is within lines. */
function kinds(text: string): string[] {
  return reader
    .parse(text, {})
    .flatMap(({ type, children }) => [type, ...(children ?? []).map((one) => one.type)]);
}

/** Without what depends on how long a text is. */
function shape(text: string): string[] {
  return kinds(text).filter((type) => !['text', 'text_special', 'code_inline'].includes(type));
}

describe('a report as Markdown', () => {
  it('has headings, lists, tables and words in strong type, and nothing else, whatever its strings are', () => {
    const usual = new Set(kinds(page(withStrings(sampleReport(), () => 'word'))));
    expect(usual).not.to.include('html_inline');
    usual.add('text_special');
    for (const text of hostile)
      for (const kind of new Set(kinds(page(withStrings(sampleReport(), () => text)))))
        expect(usual, text).to.include(kind);
  });

  it('has the same lines and cells, whatever its strings are', () => {
    const usual = shape(page(withStrings(sampleReport(), () => 'word')));
    for (const text of hostile)
      expect(shape(page(withStrings(sampleReport(), () => text))), text).to.deep.equal(usual);
  });

  it('shows what cannot be seen', () => {
    for (const text of hostile)
      expect(page(withStrings(sampleReport(), () => text)).replaceAll('\n', ''), text).not.to.match(
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
      );
  });

  it('keeps commands as they are typed', () => {
    expect(page(sampleReport())).to.contain(
      "- `tail -n 1 custody-after-seal.jsonl | tr -d '\\n' | sha256sum`\n",
    );
  });
});
