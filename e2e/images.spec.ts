/** From a file to the original panel: what is decoded, what is refused, and that the page lives meanwhile. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { toPixelValues } from '../src/image/processor.ts';
import { PUBLISHED_PREPROCESSOR } from '../src/image/published.ts';
import { resizeBilinear } from '../src/image/resample.ts';
import { displayNormalization, originalPanel } from '../src/mae/panels.ts';
import { expect, test } from './fixtures.ts';
import {
  blue,
  brokenFiles,
  hugeJpeg,
  orientedJpeg,
  plainPng,
  red,
  transparentPng,
  withWideProfile,
} from './images.ts';
import { colourAt, largestDifference, type Pixels } from './lens-page.ts';

const SIDE = 224;

/** What the original panel must show of an image in e2e/jpeg, from the pixels that Pillow decoded. */
async function pillowPanel(name: string): Promise<Pixels> {
  const decoded = sharp(`e2e/jpeg/${name}.png`).removeAlpha().toColourspace('srgb').raw();
  const { data, info } = await decoded.toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${name}.png is not RGB.`);
  const resized = resizeBilinear(new Uint8Array(data), info.width, info.height, SIDE, SIDE);
  const pixelValues = await toPixelValues(resized, { width: SIDE, height: SIDE }, PUBLISHED_PREPROCESSOR);
  const panel = originalPanel(pixelValues, displayNormalization(PUBLISHED_PREPROCESSOR));
  return { side: SIDE, rgb: new Uint8Array(panel) };
}

/** Whether a colour is the given one, up to JPEG's and the display's rounding. */
function isNear(colour: readonly number[], other: readonly number[]): boolean {
  return colour.every((value, i) => Math.abs(value - (other[i] ?? 0)) <= 8);
}

test.describe('images', () => {
  test.beforeEach(async ({ lens }) => {
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
  });

  test('what is no image gets a message, and the last image stays', async ({ lens, page }) => {
    for (const file of await brokenFiles()) {
      const before = await lens.pixels('original');
      await lens.choose(file);
      await expect(lens.alert, file.name).toHaveCount(1);
      await expect(lens.alert, file.name).toContainText(/\w+ .*\./);
      await expect(lens.canvas('original'), file.name).toHaveAccessibleName(/^Original: Cat, /);
      expect(largestDifference(await lens.pixels('original'), before), file.name).toBe(0);
      await page.getByRole('button', { name: 'Dismiss this message' }).click();
      await expect(lens.alert, file.name).toHaveCount(0);
    }
  });

  test('a good file after a bad one takes the message away', async ({ lens }) => {
    const [bad] = await brokenFiles();
    if (bad === undefined) throw new Error('There are no broken files.');
    await lens.choose(bad);
    await expect(lens.alert).toBeVisible();
    await lens.openFile(await plainPng('good.png', blue));
    await expect(lens.alert).toHaveCount(0);
    expect(isNear(colourAt(await lens.pixels('original'), 0.5, 0.5), blue)).toBe(true);
  });

  // Where red comes to lie: stored in the left half, then turned or mirrored as the number says.
  const sides = [
    [1, 'left'],
    [2, 'right'],
    [3, 'right'],
    [4, 'left'],
    [5, 'top'],
    [6, 'top'],
    [7, 'bottom'],
    [8, 'bottom'],
  ] as const;
  const points: Readonly<Record<(typeof sides)[number][1], readonly [x: number, y: number]>> = {
    left: [0.2, 0.5],
    right: [0.8, 0.5],
    top: [0.5, 0.2],
    bottom: [0.5, 0.8],
  };
  for (const [orientation, side] of sides) {
    test(`is upright with EXIF orientation ${orientation}`, async ({ lens }) => {
      await lens.openFile(await orientedJpeg(orientation));
      const panel = await lens.pixels('original');
      const [x, y] = points[side];
      expect(isNear(colourAt(panel, x, y), red)).toBe(true);
      expect(isNear(colourAt(panel, 1 - x, 1 - y), blue)).toBe(true);
    });
  }

  test('transparent images lie on white', async ({ lens }) => {
    await lens.openFile(await transparentPng());
    const panel = await lens.pixels('original');
    expect(isNear(colourAt(panel, 0.2, 0.5), [255, 255, 255])).toBe(true);
    expect(isNear(colourAt(panel, 0.8, 0.5), [40, 170, 60])).toBe(true);
  });

  for (const name of ['subsampled', 'progressive', 'full-colour', 'grey']) {
    test(`a JPEG has the pixels that Pillow decodes: ${name}`, async ({ lens }) => {
      const buffer = await readFile(`e2e/jpeg/${name}.jpg`);
      await lens.openFile({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer });
      await lens.exactPanels(SIDE);
      expect(largestDifference(await lens.pixels('original'), await pillowPanel(name))).toBe(0);
    });
  }

  test('a colour profile changes nothing, as in the reference', async ({ lens }) => {
    await lens.openFile(await withWideProfile('wide.jpg', await readFile('e2e/jpeg/full-colour.jpg')));
    await lens.exactPanels(SIDE);
    expect(largestDifference(await lens.pixels('original'), await pillowPanel('full-colour'))).toBe(0);
  });

  test('100 megapixels load while the page goes on', async ({ lens, page }) => {
    test.setTimeout(180_000);
    const file = await hugeJpeg();
    // Frames tick in the page as long as its thread is free; the longest pause between two says how free it was.
    await page.evaluate(() => {
      const gaps: number[] = [];
      let last = performance.now();
      const tick = (now: number): void => {
        gaps.push(now - last);
        last = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      const tasks: number[] = [];
      new PerformanceObserver((list) => {
        tasks.push(...list.getEntries().map((entry) => entry.duration));
      }).observe({ type: 'longtask' });
      Object.assign(window, { watched: { gaps, tasks } });
    });
    await lens.choose(file);
    await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: huge\.jpg, 12000 by 8400 pixels/, {
      timeout: 120_000,
    });
    expect(isNear(colourAt(await lens.pixels('original'), 0.5, 0.5), blue)).toBe(true);
    const { gaps, tasks } = await page.evaluate(
      () => (window as unknown as { watched: { gaps: number[]; tasks: number[] } }).watched,
    );
    const told = [...tasks, 0].map((task) => task.toFixed(0));
    test
      .info()
      .annotations.push(
        { type: 'longest pause between frames', description: `${Math.max(...gaps).toFixed(0)} ms` },
        { type: 'tasks over 50 ms', description: `${told.join(', ')} ms` },
      );
    // The work itself takes seconds; were a part of it on the page's thread, one pause would be that long. A busy
    // machine alone makes some of 100 to 200 ms, so the bound is well above those and well below the work.
    expect(gaps.length).toBeGreaterThan(10);
    expect(Math.max(...gaps)).toBeLessThan(1000);
    expect(Math.max(0, ...tasks)).toBeLessThan(1000);
  });

  test('an image can be dropped anywhere', async ({ lens, page }) => {
    const { name, mimeType, buffer } = await plainPng('dropped.png', red);
    const transfer = await page.evaluateHandle(
      ([fileName, type, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], fileName, { type }));
        return data;
      },
      [name, mimeType, buffer.toString('base64')] as const,
    );
    const target = page.getByRole('heading', { name: 'MAE Lens' });
    await target.dispatchEvent('dragenter', { dataTransfer: transfer });
    await expect(page.getByText('Drop the image.')).toBeVisible();
    await target.dispatchEvent('drop', { dataTransfer: transfer });
    await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: dropped\.png, 96 by 96/);
    await expect(page.getByText('Drop the image.')).toHaveCount(0);
  });

  test('an image can be pasted', async ({ lens, page }) => {
    const { name, mimeType, buffer } = await plainPng('pasted.png', red);
    await page.evaluate(
      ([fileName, type, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([bytes], fileName, { type }));
        document.body.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
        );
      },
      [name, mimeType, buffer.toString('base64')] as const,
    );
    await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: pasted\.png, /);
  });
});
