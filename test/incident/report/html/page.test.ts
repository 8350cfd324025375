import { expect } from 'chai';
import { audiences } from '../../../../src/incident/report/audience.ts';
import { htmlPage } from '../../../../src/incident/report/html/page.ts';
import type { Report } from '../../../../src/incident/report/report.ts';
import { documentOf } from '../../../../src/incident/report/sections.ts';
import { hostile, sampleReport, withStrings } from '../report-lab.ts';

/** Every tag that a report may have; nothing else begins with `<`. */
const tag =
  /^<(?:!doctype html|\/?(?:html|head|meta|title|style|body|header|main|footer|nav|section|h1|h2|h3|p|ul|li|a|dl|dt|dd|pre|code|strong|span|table|caption|thead|tbody|tr|th|td|figure|figcaption|div|svg|desc|g|rect|text|line|path)(?: [a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")* ?\/?)>$/;
const attribute = / ([a-zA-Z][a-zA-Z0-9-]*)="([^"]*)"/g;
const attributes = new Set(
  'lang charset http-equiv content name class id aria-labelledby aria-label href scope data-label tabindex role viewBox xmlns x y x1 x2 y1 y2 d width height rx text-anchor fill-opacity'.split(
    ' ',
  ),
);

function page(report: Report): string {
  return [...htmlPage(documentOf(report, 'all'))].join('');
}

describe('a report as HTML', () => {
  it('has tags and attributes of ours alone, whatever its strings are', () => {
    for (const text of hostile) {
      const found = page(withStrings(sampleReport(), () => text));
      const tags = new Set(found.match(/<[^>]*>/g));
      for (const one of tags) expect(one).to.match(tag);
      for (const one of tags)
        for (const [, name = '', value = ''] of one.matchAll(attribute)) {
          expect(attributes, one).to.include(name);
          if (name === 'href') expect(value).to.match(/^#[a-z-]+$/);
        }
      expect(found.replace(/<[^>]*>/g, ''), text).not.to.match(/[<>]/);
    }
  });

  it('shows what cannot be seen, and nothing that steers a terminal or turns text around', () => {
    for (const text of hostile) {
      const found = page(withStrings(sampleReport(), () => text)).replaceAll('\n', '');
      expect(found, text).not.to.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
    expect(page(withStrings(sampleReport(), () => 'a\u202eb'))).to.contain('a\\xe2\\x80\\xaeb');
  });

  it('has every string that it is given, in the right place', () => {
    const found = page(withStrings(sampleReport(), (_, place) => `<${place}>`));
    for (const place of [
      '/summary/contained',
      '/isolations/0/checks/items/0/flow',
      '/gaps/items/0',
      '/custody/items/0/by',
    ])
      expect(found).to.contain(`&lt;${place}&gt;`);
  });

  it('is one file: no script, no address but its own anchors, and a policy that forbids the rest', () => {
    const found = page(sampleReport());
    expect(found).to.match(
      /content="default-src &#39;none&#39;; style-src &#39;sha256-[A-Za-z0-9+/=]{44}&#39;;/,
    );
    expect(found).not.to.match(/<script|<link|<img|<iframe|url\(|@import| src=| style=/);
    for (const [, id] of found.matchAll(/href="#([^"]*)"/g)) expect(found).to.contain(`id="${id ?? ''}"`);
  });

  it('is the same each time, for every reader', () => {
    for (const audience of audiences) {
      const texts = [0, 1].map(() => [...htmlPage(documentOf(sampleReport(), audience))].join(''));
      expect(texts[0]).to.equal(texts[1]);
      expect(texts[0]).to.match(/^<!doctype html>\n<html lang="en">/);
    }
  });
});
