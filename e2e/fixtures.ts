import { test as base, expect } from '@playwright/test';
import { LensPage } from './lens-page.ts';

export { expect };

/** What a page did that no page should do. Empty at the end of every test. */
export class Complaints {
  private readonly list: string[] = [];
  private readonly expected: RegExp[] = [];

  add(complaint: string): void {
    this.list.push(complaint);
  }

  /** A complaint that the test provokes, such as the browser's own line about a file that is not there. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  get unexpected(): readonly string[] {
    return this.list.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)));
  }
}

/** A request that stays on this machine: the local server, or data that the page itself made. */
function isLocal(url: string): boolean {
  return /^(data|blob|about):/.test(url) || new URL(url).hostname === '127.0.0.1';
}

/**
 * The project's `test`: whatever a test looks at, it also fails when the page throws, writes an error to the
 * console, or asks another machine for anything.
 */
export const test = base.extend<{ complaints: Complaints; lens: LensPage }>({
  lens: async ({ page }, use) => {
    await use(new LensPage(page));
  },
  complaints: [
    async ({ context }, use) => {
      const complaints = new Complaints();
      context.on('weberror', (error) =>
        complaints.add(`error: ${error.error().stack ?? error.error().message}`),
      );
      context.on('console', (message) => {
        if (message.type() === 'error')
          complaints.add(`console: ${message.text()} (${message.location().url})`);
      });
      context.on('request', (request) => {
        if (!isLocal(request.url())) complaints.add(`request: ${request.url()}`);
      });
      await use(complaints);
      expect(complaints.unexpected, 'errors, console errors and requests to other machines').toEqual([]);
    },
    { auto: true },
  ],
});
