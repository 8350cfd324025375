import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Audience, audiences } from '../../../src/incident/report/audience.ts';
import { htmlPage } from '../../../src/incident/report/html/page.ts';
import type { Report } from '../../../src/incident/report/report.ts';
import { documentOf } from '../../../src/incident/report/sections.ts';
import { withBrowser } from '../../support/browser.ts';
import { hostile, sampleReport, withStrings } from './report-lab.ts';

/** Pixels of CSS between the margins of A4. */
const a4 = Math.floor(((210 - 28) / 25.4) * 96);

interface Seen {
  readonly page: Page;
  /** Consoles, dialogs and requests other than for the file itself. */
  readonly said: string[];
}

/** Opens a report as a file and tells everything that a browser would complain of. */
async function opened<T>(
  browser: Browser,
  report: Report,
  audience: Audience,
  options: BrowserContextOptions,
  work: (seen: Seen) => Promise<T>,
): Promise<T> {
  const place = await mkdtemp(join(tmpdir(), 'kubectl-ir-report-'));
  const context = await browser.newContext(options);
  try {
    const file = join(place, 'report.html');
    await writeFile(file, [...htmlPage(documentOf(report, audience))].join(''));
    const page = await context.newPage();
    const said: string[] = [];
    const url = pathToFileURL(file).href;
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('dialog', (dialog) => said.push(dialog.message()));
    page.on('request', (request) => {
      if (request.url() !== url) said.push(request.url());
    });
    await page.goto(url);
    return await work({ page, said });
  } finally {
    await context.close();
    await rm(place, { recursive: true, force: true });
  }
}

/** How far the widest thing stands out of the page, in pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** What axe finds serious or critical, by rule. */
async function grave(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<axe.AxeResults>('axe.run(document)');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
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
