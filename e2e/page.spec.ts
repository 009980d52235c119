/** The page as it is met: it opens, it paints, wherever it is served. */
import { resolve } from 'node:path';
import sharp from 'sharp';
import { serveStatic } from '../tools/browser/static-server.ts';
import { expect, test } from './fixtures.ts';
import { colourAt, LensPage } from './lens-page.ts';

test.describe('the page', () => {
  test('opens with a sample, and paints it live', async ({ lens, page }) => {
    await lens.open();
    await lens.firstImage();
    await expect(lens.canvas('masked')).toHaveAccessibleName(/147 of 196 patches are hidden, 49 are visible/);
    await lens.painted();
    await expect(lens.panel('reconstruction').locator('[data-status]')).toHaveCount(0);
    await expect(lens.facts).toContainText(/Encoder\s*[\d.]+ ms/);
    await expect(lens.facts).toContainText(/Decoder\s*[\d.]+ ms/);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  test('shows a result computed ahead until the model arrives, and says so', async ({ lens, page }) => {
    const arrive = await lens.holdModel();
    const reconstruction = await sharp({
      create: { width: 224, height: 224, channels: 3, background: { r: 1, g: 200, b: 90 } },
    })
      .png()
      .toBuffer();
    const result = {
      format: 'mae-lens-result/1',
      sample: 'cat',
      model: 'Painted ahead',
      image_size: 224,
      patch_size: 16,
      mask_ratio: 0.75,
      seed: '2',
      generator: 'torch',
      loss: 0.5,
      reconstruction: 'cat.png',
    };
    await page.route(/\/samples\/results\/cat\.json$/, (route) => route.fulfill({ json: result }));
    await page.route(/\/samples\/results\/cat\.png$/, (route) =>
      route.fulfill({ contentType: 'image/png', body: reconstruction }),
    );
    await lens.open();
    await expect(lens.panel('reconstruction')).toContainText('precomputed');
    await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/Computed ahead/);
    await expect(lens.facts).toContainText('0.500');
    expect(colourAt(await lens.pixels('reconstruction'), 0.5, 0.5)).toEqual([1, 200, 90]);

    await lens.setRatio(50);
    await expect(lens.panel('reconstruction')).not.toContainText('precomputed');
    await expect(lens.panel('reconstruction')).toContainText('75 %');

    await arrive();
    await lens.painted();
    await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/at 50 %/);
    expect(colourAt(await lens.pixels('reconstruction'), 0.5, 0.5)).not.toEqual([1, 200, 90]);
  });

  test('works in a sub-folder of the plainest host, without isolation headers', async ({ lens, page }) => {
    const server = await serveStatic(resolve('dist'), '/some/folder/');
    try {
      await lens.open(server.url);
      await lens.firstImage();
      await lens.painted();
      const outside = await page.evaluate(() =>
        performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname),
      );
      expect(outside.filter((path) => !path.startsWith('/some/folder/'))).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });

  test('says what is wrong when the model cannot be fetched, and tries again', async ({
    complaints,
    lens,
    page,
  }) => {
    complaints.expect(/Failed to load resource/);
    await page.route(/\/models\/demo\//, (route) => route.abort());
    await lens.open();
    await expect(lens.alert).toBeVisible();
    await expect(lens.canvas('masked')).toHaveAccessibleName(/147 of 196/);
    await page.unroute(/\/models\/demo\//);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await lens.painted();
    await expect(lens.alert).toHaveCount(0);
  });

  test('keeps working with storage forbidden', async ({ browser, baseURL }) => {
    const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
    await context.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    const lens = new LensPage(await context.newPage());
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    await context.close();
  });
});
