/** That the fixtures see what they must: each test provokes one complaint, finds it, and takes it back. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** What a page should not do, and how the complaint about it begins. */
const provocations: Readonly<
  Record<string, readonly [act: (page: Page) => Promise<unknown>, complaint: RegExp]>
> = {
  throws: [
    (page) =>
      page.evaluate(() => {
        setTimeout(() => {
          throw new Error('unexpected');
        });
      }),
    /^error: .*unexpected/s,
  ],
  'leaves a rejection unhandled': [
    (page) =>
      page.evaluate(() => {
        void Promise.reject(new Error('unexpected'));
      }),
    /^error: .*unexpected/s,
  ],
  'writes an error to the console': [
    // biome-ignore lint/suspicious/noConsole: this is what the test is about.
    (page) => page.evaluate(() => console.error('unexpected')),
    /^console: unexpected/,
  ],
  'asks another machine': [
    (page) =>
      page.evaluate(async () => {
        await fetch('https://elsewhere.example/', { mode: 'no-cors' });
      }),
    /^request: https:\/\/elsewhere\.example\//,
  ],
  'asks another machine from a worker': [
    (page) =>
      page.evaluate(() => {
        const script = "fetch('https://elsewhere.example/', { mode: 'no-cors' })";
        new Worker(URL.createObjectURL(new Blob([script])));
      }),
    /^request: https:\/\/elsewhere\.example\//,
  ],
};

for (const [what, [act, complaint]] of Object.entries(provocations)) {
  test(`a test would fail when the page ${what}`, async ({ complaints, context, lens, page }) => {
    // Answered here, so that not even these requests leave the machine.
    await context.route('https://elsewhere.example/**', (route) => route.fulfill({ body: 'ok' }));
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    expect(complaints.unexpected).toEqual([]);
    await act(page);
    await expect.poll(() => complaints.unexpected.filter((words) => complaint.test(words)).length).toBe(1);
    complaints.expect(complaint);
  });
}

test.describe('a kept tab', () => {
  // One after the other, in the same tab.
  test.describe.configure({ mode: 'default' });

  const stored = (page: Page) =>
    page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const files: string[] = [];
      for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys())
        files.push(name);
      const databases = (await indexedDB.databases()).map(({ name }) => name);
      return { files, databases, caches: await caches.keys(), keys: Object.keys(localStorage) };
    });

  test('is left with all that a test can leave', async ({ context, lens, page }) => {
    await lens.holdModel();
    await lens.open('./#ratio=0.5');
    await page.setViewportSize({ width: 500, height: 500 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await context.route(/\.jpg$/, (route) => route.abort());
    await context.grantPermissions(['clipboard-read']);
    await context.newPage();
    await page.evaluate(async () => {
      localStorage.setItem('left', 'behind');
      await (await navigator.storage.getDirectory()).getFileHandle('left', { create: true });
      await caches.open('left');
      await new Promise((resolve) => {
        indexedDB.open('left').onsuccess = resolve;
      });
    });
    expect(await stored(page)).toMatchObject({ files: expect.arrayContaining(['left']), caches: ['left'] });
  });

  test('has nothing of it in the next one', async ({ context, lens, page }) => {
    expect(context.pages()).toEqual([page]);
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    await expect(lens.slider).toHaveValue('75');
    // The page has files and keys of its own.
    const left = Object.values(await stored(page)).flat();
    expect(left).not.toContain('left');
    const view = await page.evaluate(async () => ({
      size: [innerWidth, innerHeight],
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      still: matchMedia('(prefers-reduced-motion: reduce)').matches,
      clipboard: (await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })).state,
    }));
    expect(view).toEqual({ size: [1280, 800], dark: false, still: false, clipboard: 'prompt' });
  });
});
