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
