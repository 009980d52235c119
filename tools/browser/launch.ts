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
