import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { processIo } from '../../src/output/io.ts';
import { type Unpacked, unpackedPackages } from './unpacked.ts';

/** Debian's Chromium without a window, unpacked and not installed. */
export function browserPackages(): Promise<Unpacked> {
  return unpackedPackages('chromium-headless-shell', 'fonts-dejavu-core');
}

/** Does something with a browser of its own, which is gone afterwards. It may run as root, so it has no sandbox: it only opens files of ours. */
export async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const { directory, libraries } = await browserPackages();
  const place = await mkdtemp(join(tmpdir(), 'kubectl-ir-browser-'));
  try {
    const fonts = join(place, 'fonts.conf');
    await writeFile(
      fonts,
      fontsConfiguration(['/usr/share/fonts', join(directory, 'usr/share/fonts')], place),
    );
    const more = libraries.split(':').map((one) => join(one, 'pulseaudio'));
    const browser = await chromium.launch({
      executablePath: join(directory, 'usr/lib/chromium/chromium-headless-shell'),
      chromiumSandbox: false,
      args: ['--disable-gpu'],
      env: {
        PATH: processIo().env['PATH'] ?? '',
        HOME: place,
        LD_LIBRARY_PATH: [libraries, ...more].join(':'),
        FONTCONFIG_FILE: fonts,
      },
    });
    try {
      return await work(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** fonts.conf(5): where fonts are, and where what is known of them is kept. */
function fontsConfiguration(places: readonly string[], cache: string): string {
  const lines = places.map((place) => `<dir>${place}</dir>`);
  return `<?xml version="1.0"?><fontconfig>${lines.join('')}<cachedir>${cache}</cachedir></fontconfig>`;
}
