import { describe, expect, it } from 'vitest';
import { findBrowser, type Machine } from './find.ts';

function machine(there: readonly string[], changes: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    exists: (path) => there.includes(path),
    playwrightPath: () => '/cache/chromium/chrome',
    ...changes,
  };
}

describe('findBrowser', () => {
  it('prefers the one that a variable names', () => {
    const env = { CHROMIUM_PATH: '/opt/chrome' };
    expect(findBrowser(machine(['/opt/chrome', '/usr/bin/chromium'], { env }))).toBe('/opt/chrome');
  });

  it('refuses a variable that names nothing', () => {
    const env = { CHROMIUM_PATH: '/opt/gone' };
    expect(() => findBrowser(machine(['/usr/bin/chromium'], { env }))).toThrow(/CHROMIUM_PATH.*\/opt\/gone/);
  });

  it("takes Playwright's own before the system's", () => {
    expect(findBrowser(machine(['/cache/chromium/chrome', '/usr/bin/chromium']))).toBe(
      '/cache/chromium/chrome',
    );
  });

  it('finds what a Linux system installs', () => {
    expect(findBrowser(machine(['/usr/bin/chromium']))).toBe('/usr/bin/chromium');
    expect(findBrowser(machine(['/usr/local/bin/google-chrome-stable']))).toBe(
      '/usr/local/bin/google-chrome-stable',
    );
  });

  it('finds applications on macOS and Windows', () => {
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser(machine([chrome], { platform: 'darwin' }))).toBe(chrome);
    const edge = 'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe';
    const env = { PROGRAMFILES: 'C:\\Program Files' };
    expect(findBrowser(machine([edge], { platform: 'win32', env }))).toBe(edge);
  });

  it('gives null when there is none', () => {
    expect(findBrowser(machine([]))).toBeNull();
  });
});
