import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Pixels of CSS between the margins of A4. */
export const a4 = Math.floor(((210 - 28) / 25.4) * 96);

export interface SeenPage {
  readonly page: Page;
  /** Consoles, dialogs and requests other than for the file itself. */
  readonly said: string[];
}

/** Opens a file as a page and tells everything that a browser would complain of. */
export async function withPage<T>(
  browser: Browser,
  file: string,
  options: BrowserContextOptions,
  work: (seen: SeenPage) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
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
  }
}

/** How far the widest thing stands out of the page, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** What axe finds serious or critical, by rule. */
export async function grave(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<axe.AxeResults>('axe.run(document)');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}
