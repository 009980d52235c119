import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

/** What `findBrowser` asks about the machine; tests put their own in. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
  /** Where Playwright keeps its own Chromium, whether or not it is there. */
  readonly playwrightPath: () => string;
}

/** Variables that name the executable; a person who sets one means it, so they come first. */
const variables = ['CHROMIUM_PATH', 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'] as const;

const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const windowsApplications = [
  'Chromium\\Application\\chrome.exe',
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The machine that this process runs on. */
const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  exists: existsSync,
  playwrightPath: () => chromium.executablePath(),
};

/** Every place where a Chromium may be, the likeliest first. */
function candidates(machine: Machine): string[] {
  const own = machine.playwrightPath();
  const places = own === '' ? [] : [own];
  if (machine.platform === 'darwin') {
    const home = machine.env.HOME ?? '';
    return [...places, ...macApplications, ...macApplications.map((path) => `${home}${path}`)];
  }
  if (machine.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => machine.env[name]);
    for (const root of roots) {
      if (root !== undefined) places.push(...windowsApplications.map((path) => `${root}\\${path}`));
    }
    return places;
  }
  const folders = [
    '/usr/bin',
    ...(machine.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
  ];
  for (const command of commands) places.push(...folders.map((folder) => join(folder, command)));
  return places;
}

/**
 * The path of a Chromium on this machine, or null when there is none. It is synchronous because Playwright's
 * configuration needs it while it is being read.
 *
 * @throws Error when a variable names a file that is not there: falling back silently would test another browser
 *   than the one that was asked for.
 */
export function findBrowser(machine: Machine = thisMachine): string | null {
  for (const variable of variables) {
    const path = machine.env[variable];
    if (path === undefined || path === '') continue;
    if (!machine.exists(path)) throw new Error(`${variable} names ${path}, and there is no such file.`);
    return path;
  }
  return candidates(machine).find(machine.exists) ?? null;
}
