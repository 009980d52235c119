/** The page on hosts that cannot send headers: a service worker isolates it, with one reload, or nothing happens. */
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { type StaticServer, serveStatic } from '../tools/browser/static-server.ts';
import { expect, test } from './fixtures.ts';
import { LensPage } from './lens-page.ts';

test.use({ newProfile: true });

const FOLDER = '/some/folder/';
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

let server: StaticServer;

test.beforeAll(async () => {
  server = await serveStatic(resolve('dist'), FOLDER);
});

test.afterAll(async () => {
  await server.close();
});

/** Counts the documents that the page was given. */
function documents(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) count += 1;
  });
  return () => count;
}

function isolated(page: Page): Promise<boolean> {
  return page.evaluate(() => crossOriginIsolated);
}

function registrations(page: Page): Promise<string[]> {
  return page.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
  );
}

test('a first visit is isolated after one reload, a second one at once; the model has its threads', async ({
  lens,
  page,
}) => {
  const count = documents(page);
  await lens.open(`${server.url}#ratio=0.5`);
  await expect.poll(() => isolated(page).catch(() => false)).toBe(true);
  expect(count()).toBe(2);
  expect(await registrations(page)).toEqual([server.url]);
  await lens.painted();
  await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/at 50 %/);
  const threads = await page.evaluate(() => Math.min(navigator.hardwareConcurrency, 8));
  expect(threads, 'this machine has several cores').toBeGreaterThan(1);
  await expect(page.getByRole('button', { name: `Device: WebAssembly · ${threads} threads` })).toBeVisible();
  expect(count()).toBe(2);

  await page.goto('about:blank');
  await lens.open(server.url);
  await lens.painted();
  expect(await isolated(page)).toBe(true);
  expect(count()).toBe(3);
});

test('the worker keeps nothing, and leaves all but documents and workers alone', async ({ lens, page }) => {
  await lens.holdModel();
  await lens.open(server.url);
  await expect.poll(() => isolated(page).catch(() => false)).toBe(true);
  await lens.firstImage();
  const answers: string[] = [];
  page.on('response', (response) => {
    if (response.fromServiceWorker()) answers.push(new URL(response.url()).pathname.slice(FOLDER.length));
  });
  // As a download goes on after a break.
  const range = { headers: { Range: 'bytes=2-5' } };
  await page.evaluate(async (options) => (await fetch('samples/cat.jpg', options)).arrayBuffer(), range);
  await page.reload();
  await lens.firstImage();
  expect(answers.filter((path) => !/^assets\/[\w.]*worker-[\w-]+\.js$/.test(path))).toEqual(['']);
  expect(await page.evaluate(() => caches.keys())).toEqual([]);
});

test('without service workers the page works on one thread, and is never reloaded', async ({ browser }) => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const lens = new LensPage(page);
  const count = documents(page);
  await lens.open(server.url);
  await lens.painted();
  await expect(page.getByRole('button', { name: 'Device: WebAssembly · 1 thread' })).toBeVisible();
  expect([count(), await isolated(page)]).toEqual([1, false]);
  await context.close();
});

test('a worker’s script that the host does not serve costs nothing but the threads', async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const lens = new LensPage(page);
  const count = documents(page);
  await context.route(/isolation-worker\.js$/, (route) => route.fulfill({ status: 404, body: 'not found' }));
  await lens.open(server.url);
  await lens.painted();
  expect([count(), await isolated(page), await registrations(page)]).toEqual([1, false, []]);
  await context.close();
});

test('a host that sends the headers gets no worker', async ({ lens, page }) => {
  const host = await serveStatic(resolve('dist'), FOLDER, { headers: HEADERS });
  try {
    const count = documents(page);
    await lens.open(host.url);
    await lens.painted();
    expect([count(), await isolated(page), await registrations(page)]).toEqual([1, true, []]);
  } finally {
    await page.close();
    await host.close();
  }
});

test('in another page’s frame nothing is registered, and the page paints', async ({ page }) => {
  await page.route('**/teacher.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><iframe src="${server.url}#embed=1" width="800" height="700"></iframe>`,
    }),
  );
  await page.goto(`${server.url}teacher.html`);
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('figure[data-place="reconstruction"]').getByRole('img')).toHaveAccessibleName(
    /^Reconstruction: every patch/,
    { timeout: 90_000 },
  );
  expect(await registrations(page)).toEqual([]);
});
