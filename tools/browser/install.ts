import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { findBrowser } from './find.ts';

/** Runs a command with its output shown; says whether it succeeded. */
function succeeds(command: string, args: readonly string[]): boolean {
  console.log(`> ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}

/** Debian's own package is the quickest where it can be installed; Ubuntu's of that name is a stub for a snap. */
function installFromDebian(): boolean {
  const root = process.getuid?.() === 0;
  if (!root || !existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release')) return false;
  if (!/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))) return false;
  return succeeds('apt-get', ['update', '-qq']) && succeeds('apt-get', ['install', '-y', '-qq', 'chromium']);
}

function installWithPlaywright(): boolean {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  return succeeds(process.execPath, [cli, 'install', '--with-deps', 'chromium']);
}

/**
 * The path of a Chromium, installed first where there is none.
 *
 * @throws Error with what a person can do when it can neither be found nor installed.
 */
export function findOrInstallBrowser(): string {
  const present = findBrowser();
  if (present !== null) return present;
  console.log('No Chromium found; installing one.');
  for (const install of [installFromDebian, installWithPlaywright]) {
    if (!install()) continue;
    const installed = findBrowser();
    if (installed !== null) return installed;
  }
  throw new Error(
    'No Chromium was found and none could be installed. Install Chromium or Chrome, or run ' +
      '"npx playwright install --with-deps chromium", or set CHROMIUM_PATH to an executable.',
  );
}
