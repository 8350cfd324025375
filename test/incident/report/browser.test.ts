import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type Audience, audiences } from '../../../src/incident/report/audience.ts';
import { htmlPage } from '../../../src/incident/report/html/page.ts';
import type { Report } from '../../../src/incident/report/report.ts';
import { documentOf } from '../../../src/incident/report/sections.ts';
import { withBrowser } from '../../support/browser.ts';
import { a4, grave, overflow, type SeenPage, withPage } from '../../support/page.ts';
import { hostile, sampleReport, withStrings } from './report-lab.ts';

/** Opens a report as a file. */
async function opened<T>(
  browser: Browser,
  report: Report,
  audience: Audience,
  options: BrowserContextOptions,
  work: (seen: SeenPage) => Promise<T>,
): Promise<T> {
  const place = await mkdtemp(join(tmpdir(), 'kubectl-ir-report-'));
  try {
    const file = join(place, 'report.html');
    await writeFile(file, [...htmlPage(documentOf(report, audience))].join(''));
    return await withPage(browser, file, options, work);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

describe('a report in a browser', () => {
  it('says nothing, asks for nothing, stays in its width on screens and on paper, and is accessible', function () {
    this.timeout(240_000);
    return withBrowser(async (browser) => {
      for (const audience of audiences)
        for (const colorScheme of ['light', 'dark'] as const)
          await opened(browser, sampleReport(), audience, { colorScheme }, async ({ page, said }) => {
            for (const width of [360, 1280]) {
              await page.setViewportSize({ width, height: 900 });
              expect(await overflow(page), `${audience} ${width}`).to.equal(0);
              expect(await grave(page), `${audience} ${colorScheme} ${width}`).to.deep.equal([]);
            }
            await page.emulateMedia({ media: 'print', colorScheme });
            await page.setViewportSize({ width: a4, height: 1000 });
            expect(await overflow(page), `${audience} on paper`).to.equal(0);
            expect(await grave(page), `${audience} on paper`).to.deep.equal([]);
            expect(said).to.deep.equal([]);
          });
    });
  });

  it('runs nothing, asks for nothing and stays in its width, whatever its strings are', function () {
    this.timeout(240_000);
    return withBrowser(async (browser) => {
      for (const text of hostile)
        await opened(
          browser,
          withStrings(sampleReport(), () => text),
          'all',
          {},
          async ({ page, said }) => {
            for (const width of [360, 1280]) {
              await page.setViewportSize({ width, height: 900 });
              expect(await overflow(page), `${text} at ${width}`).to.equal(0);
            }
            await page.emulateMedia({ media: 'print' });
            await page.setViewportSize({ width: a4, height: 1000 });
            expect(await overflow(page), `${text} on paper`).to.equal(0);
            const counted = await page.evaluate(
              "['script', 'img', 'iframe', 'object', 'a:not([href^=\"#\"])'].map((name) => document.querySelectorAll(name).length)",
            );
            expect(counted, text).to.deep.equal([0, 0, 0, 0, 0]);
            expect(said, text).to.deep.equal([]);
          },
        );
    });
  });

  it('would be told of what runs, asks or stands out', function () {
    this.timeout(60_000);
    return withBrowser(async (browser) => {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on('dialog', (dialog) => {
        said.push(dialog.message());
        void dialog.dismiss();
      });
      page.on('request', (request) => said.push(request.url()));
      await page.setContent(
        '<img src="http://127.0.0.1:9/x.png" onerror="alert(1)"><p style="width:5000px">x</p>',
      );
      await page.waitForTimeout(200);
      expect(said).to.deep.equal(['http://127.0.0.1:9/x.png', '1']);
      expect(await overflow(page)).to.be.greaterThan(1000);
      expect(await grave(page)).to.include(
        'image-alt: <img src="http://127.0.0.1:9/x.png" onerror="alert(1)">',
      );
    });
  });
});
