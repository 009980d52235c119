import { execFileSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './tools/browser/find.ts';
import { launchFlags } from './tools/browser/flags.ts';

/**
 * A free port, asked for once: this file is read again in every worker process, and all must name the same one.
 * Fixed ports would make two test runs on one machine disturb each other.
 */
function port(): string {
  const ask =
    "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })";
  process.env.MAE_LENS_PORT ??= execFileSync(process.execPath, ['-e', ask], { encoding: 'utf8' }).trim();
  return process.env.MAE_LENS_PORT;
}

const baseURL = `http://127.0.0.1:${port()}/`;
const executablePath = findBrowser();
if (executablePath === null) throw new Error('No Chromium found. Run "npm run browser" to install one.');

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // A page waits about half of the time, for frames, animations and the disk, which is when the other one computes.
  workers: 2,
  fullyParallel: true,
  // A test that needs a second try is a broken test.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL,
    trace: 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    launchOptions: { executablePath, args: [...launchFlags] },
  },
  webServer: {
    command: `npm run --silent preview -- --host 127.0.0.1 --port ${port()} --strictPort`,
    url: baseURL,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
