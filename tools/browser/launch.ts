import { type Browser, type BrowserContext, chromium } from '@playwright/test';
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

/**
 * The same with a profile of its own, as a visitor's browser has one: what pages store lies on the disk, in `folder`,
 * and is there at the next start. (The pages of `launchBrowser` are private windows, whose storage is in memory.)
 */
export function launchProfile(folder: string, more: readonly string[] = []): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: findOrInstallBrowser(),
    args: [...launchFlags, ...more],
  });
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
