import {
  type BrowserContext,
  test as base,
  type ConsoleMessage,
  expect,
  type Page,
  type Request,
  type WebError,
} from '@playwright/test';
import { LensPage } from './lens-page.ts';

export { expect };

/** What a page did that no page should do. Empty at the end of every test. */
class Complaints {
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

/** Takes from the context of earlier tests all that they left in it, and gives its one page, which is empty then. */
async function emptied(context: BrowserContext, origin: string): Promise<Page> {
  const [page = await context.newPage(), ...others] = context.pages();
  await page.goto('about:blank');
  await Promise.all(others.map((other) => other.close()));
  for (const routed of [page, context]) await routed.unrouteAll({ behavior: 'ignoreErrors' });
  await context.clearPermissions();
  await context.clearCookies();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await devtools.detach();
  await page.mouse.move(0, 0);
  return page;
}

interface TestFixtures {
  readonly complaints: Complaints;
  readonly lens: LensPage;
  /**
   * Whether the test has a browser profile that no test had before, which takes a second: for first visits, and for
   * what cannot be taken back, such as scripts for every page.
   */
  readonly newProfile: boolean;
}

/**
 * The project's `test`: whatever a test looks at, it also fails when the page throws, writes an error to the
 * console, or asks another machine for anything. The tests of a worker load their pages into one tab, emptied between
 * them, unless they say `test.use({ newProfile: true })`.
 */
export const test = base.extend<TestFixtures, { readonly keptContext: BrowserContext }>({
  newProfile: [false, { option: true }],
  keptContext: [
    async ({ browser }, use, { project }) => {
      const { baseURL = '', locale = 'en-GB' } = project.use;
      const context = await browser.newContext({ baseURL, locale });
      await use(context);
      await context.close();
    },
    { scope: 'worker' },
  ],
  context: async ({ baseURL, colorScheme, context, keptContext, newProfile, viewport }, use) => {
    if (newProfile) return use(context);
    const page = await emptied(keptContext, new URL(baseURL ?? '').origin);
    await page.emulateMedia({ colorScheme, reducedMotion: 'no-preference' });
    if (viewport !== null) await page.setViewportSize(viewport);
    return use(keptContext);
  },
  page: async ({ context }, use) => {
    await use(context.pages()[0] ?? (await context.newPage()));
  },
  lens: async ({ page }, use) => {
    await use(new LensPage(page));
  },
  complaints: [
    async ({ context }, use) => {
      const complaints = new Complaints();
      const onError = (error: WebError) =>
        complaints.add(`error: ${error.error().stack ?? error.error().message}`);
      const onConsole = (message: ConsoleMessage) => {
        if (message.type() === 'error')
          complaints.add(`console: ${message.text()} (${message.location().url})`);
      };
      const onRequest = (request: Request) => {
        if (!isLocal(request.url())) complaints.add(`request: ${request.url()}`);
      };
      context.on('weberror', onError).on('console', onConsole).on('request', onRequest);
      await use(complaints);
      context.off('weberror', onError).off('console', onConsole).off('request', onRequest);
      expect(complaints.unexpected, 'errors, console errors and requests to other machines').toEqual([]);
    },
    { auto: true },
  ],
});
