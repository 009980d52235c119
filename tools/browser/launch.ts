import { type Browser, chromium } from '@playwright/test';
import { launchFlags } from './flags.ts';
import { findOrInstallBrowser } from './install.ts';

/**
 * Starts the browser that all tools share, installing it where there is none.
 *
 * @param more Flags beyond the shared ones.
 */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findOrInstallBrowser(), args: [...launchFlags, ...more] });
}

/** A browser for `use` alone: what pages have left behind in it, such as blobs, ends with it. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}
