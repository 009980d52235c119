/** What the stage shows besides its four panels: the interpolation beside them, and all of them closer. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { toPixelValues } from '../src/image/processor.ts';
import { PUBLISHED_PREPROCESSOR } from '../src/image/published.ts';
import { resizeBilinear } from '../src/image/resample.ts';
import { geometryOf } from '../src/mae/geometry.ts';
import { harmonicInpainting } from '../src/mae/harmonic/harmonic.ts';
import { reconstructionLoss } from '../src/mae/loss.ts';
import { randomMasking } from '../src/mae/masking.ts';
import { originalPanel } from '../src/mae/panels.ts';
import { patchify } from '../src/mae/patches.ts';
import { torchRand } from '../src/mae/random.ts';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LensPage, largestDifference, type Place } from './lens-page.ts';

const SIDE = 224;
const PATCH = 16;
const GRID = SIDE / PATCH;
const GEOMETRY = geometryOf({ image_size: SIDE, patch_size: PATCH, num_channels: 3 });
const FOUR: readonly Place[] = ['original', 'masked', 'reconstruction', 'combined'];

const { mask: START } = randomMasking(torchRand(2, GRID * GRID), 0.75);

/** What Node makes of the sample that the page shows first. */
async function inNode(mask: ArrayLike<number>) {
  const sample = sharp('public/samples/cat.jpg').removeAlpha().raw();
  const { data, info } = await sample.toBuffer({ resolveWithObject: true });
  const rgb = resizeBilinear(data, info.width, info.height, SIDE, SIDE);
  const values = await toPixelValues(rgb, { width: SIDE, height: SIDE }, PUBLISHED_PREPROCESSOR);
  const filled = harmonicInpainting(values, mask, GEOMETRY);
  const [painted, target] = [patchify(filled, GEOMETRY), patchify(values, GEOMETRY)];
  const { loss } = reconstructionLoss(painted, target, mask, false);
  const panel = (pixels: Float32Array) => ({
    side: SIDE,
    rgb: new Uint8Array(originalPanel(pixels, PUBLISHED_PREPROCESSOR)),
  });
  return { loss, original: panel(values), panel: panel(filled) };
}

async function interpolated(lens: LensPage): Promise<void> {
  await expect(lens.canvas('interpolation')).toHaveAccessibleName(/(loss \d\.\d{3}|no masked patch)\.$/);
}

const level = (page: Page) => page.getByRole('group', { name: /^Zoom, / });

async function box(lens: LensPage, place: Place) {
  // The frame: `exactPanels` makes the canvas in it smaller.
  const found = await lens.canvas(place).locator('..').boundingBox();
  if (found === null) throw new Error(`The panel ${place} is not shown.`);
  return found;
}

test.describe('the interpolation', () => {
  test('is what harmonic inpainting gives, without a model, and follows the mask', async ({ lens, page }) => {
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    await page.getByRole('button', { name: 'Interpolation' }).click();
    await lens.exactPanels(SIDE);
    await interpolated(lens);
    const { loss, original, panel } = await inNode(START);
    expect(largestDifference(await lens.pixels('original'), original)).toBe(0);
    await expect(lens.canvas('interpolation')).toHaveAccessibleName(
      new RegExp(`loss ${loss?.toFixed(3)}\\.$`),
    );
    expect(largestDifference(await lens.pixels('interpolation'), panel)).toBe(0);

    await lens.setRatio(50);
    const half = await inNode(randomMasking(torchRand(2, GRID * GRID), 0.5).mask);
    await expect(lens.canvas('interpolation')).toHaveAccessibleName(
      new RegExp(`98 of 196 patches.*loss ${half.loss?.toFixed(3)}\\.$`),
    );
    expect(largestDifference(await lens.pixels('interpolation'), half.panel)).toBe(0);

    await lens.setRatio(100);
    await expect(lens.panel('interpolation')).toContainText('the mean grey');
    const grey = await lens.pixels('interpolation');
    expect([...new Set(grey.rgb.filter((_, i) => i % 3 === 0))]).toEqual([123]);
    await lens.setRatio(0);
    await expect(lens.panel('interpolation')).toContainText('Nothing is hidden');
    expect(largestDifference(await lens.pixels('interpolation'), await lens.pixels('original'))).toBe(0);
  });

  test('stands beside the model: its loss, the figure, the numbers', async ({ lens, page }) => {
    await lens.open('./#view=interpolation');
    await lens.firstImage();
    await lens.painted();
    await interpolated(lens);
    await expect(lens.facts).toContainText(
      /model 0\.\d{3} · interpolation 0\.\d{3}Lower is better: here (the \w+ is|both are the same)\./,
    );
    await page.getByRole('button', { name: 'Save' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'The numbers, as JSON' }).click();
    const numbers: unknown = JSON.parse(await readFile(await (await saving).path(), 'utf8'));
    const { loss } = await inNode(START);
    expect(numbers).toMatchObject({
      interpolation: { method: 'harmonic inpainting', loss: expect.closeTo(loss ?? 0, 6) },
    });

    await page.getByRole('button', { name: 'Save' }).click();
    const figure = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'interpolation' }).click();
    expect((await figure).suggestedFilename()).toBe('cat-interpolation.png');

    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('combobox', { name: 'On the right' }).selectOption('interpolation');
    await expect(page.getByRole('img', { name: 'On the right: interpolation' })).toBeVisible();
  });

  test('goes into the link', async ({ lens, page }) => {
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    await page.keyboard.press('b');
    await expect.poll(() => new URL(page.url()).hash).toBe('#view=interpolation');
    await page.reload();
    await expect(lens.panel('interpolation')).toBeVisible();
    await interpolated(lens);
  });

  for (const [width, height] of [
    [1440, 900],
    [1100, 800],
  ] as const) {
    test(`is the fifth in one row at ${width} pixels, and nothing moves when it arrives`, async ({
      lens,
      page,
    }) => {
      await page.setViewportSize({ width, height });
      await lens.holdModel();
      await lens.open();
      await lens.firstImage();
      await page.getByRole('button', { name: 'Interpolation' }).click();
      const before = await Promise.all([...FOUR, 'interpolation' as const].map((place) => box(lens, place)));
      expect(new Set(before.map(({ y }) => Math.round(y))).size).toBe(1);
      expect(new Set(before.map(({ width: side }) => Math.round(side))).size).toBe(1);
      expect(Math.min(...before.map(({ width: side }) => side))).toBeGreaterThan(width / 5.8);
      await interpolated(lens);
      const after = await Promise.all([...FOUR, 'interpolation' as const].map((place) => box(lens, place)));
      expect(after).toEqual(before);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await expect(lens.slider).toBeInViewport();
    });
  }
});

test.describe('the zoom', () => {
  test.beforeEach(async ({ lens }) => {
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
  });

  test('by buttons and keys shows all panels closer, pixel by pixel, and the whole again', async ({
    lens,
    page,
  }) => {
    await lens.exactPanels(SIDE);
    const whole = await lens.pixels('original');
    for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.keyboard.press('+');
    await page.keyboard.press('=');
    await expect(level(page)).toHaveAccessibleName('Zoom, 4×');
    const close = await lens.pixels('original');
    // The middle quarter, every pixel a square of four by four.
    const start = (SIDE * 3) / 8;
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const from = ((start + Math.floor(y / 4)) * SIDE + start + Math.floor(x / 4)) * 3;
        const to = (y * SIDE + x) * 3;
        for (let c = 0; c < 3; c++) {
          if (close.rgb[to + c] !== whole.rgb[from + c]) throw new Error(`Pixel ${x}, ${y} is another one.`);
        }
      }
    }
    await page.keyboard.press('-');
    await expect(level(page)).toHaveAccessibleName('Zoom, 3×');
    await page.keyboard.press('0');
    await expect(level(page)).toHaveAccessibleName('Zoom, 1×');
    expect(largestDifference(await lens.pixels('original'), whole)).toBe(0);
  });

  test('by Ctrl with the wheel goes to the pointer; the wheel alone scrolls the page', async ({
    lens,
    page,
  }) => {
    await page.setViewportSize({ width: 1280, height: 500 });
    const { x, y, width } = await box(lens, 'reconstruction');
    await page.mouse.move(x + width * 0.9, y + width * 0.1);
    const ratio = await page.evaluate(() => window.devicePixelRatio);
    await page.keyboard.down('Control');
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect(level(page)).toHaveAccessibleName('Zoom, 2.7×');
    // Top right, so near to where the pointer is: row 2, column 13.
    await expect(page.getByText(/^Patch 26 · row 2, column 13/)).toBeVisible();
    expect(await page.evaluate(() => window.devicePixelRatio)).toBe(ratio);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
    await page.mouse.wheel(0, 100);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    await expect(level(page)).toHaveAccessibleName('Zoom, 2.7×');
  });

  test('by dragging moves, and the brush paints what is under it', async ({ lens, page }) => {
    const original = await box(lens, 'original');
    await page.mouse.dblclick(original.x + 1, original.y + 1);
    await expect(level(page)).toHaveAccessibleName('Zoom, 2×');
    const masked = await box(lens, 'masked');
    // The window shows the top left quarter: seven patches of fourteen.
    const at = (frame: typeof masked, row: number, column: number) =>
      [frame.x + ((column + 0.5) * frame.width) / 7, frame.y + ((row + 0.5) * frame.width) / 7] as const;
    await page.mouse.click(...at(masked, 3, 3));
    await expect(page.getByRole('gridcell', { name: /^Row 4, column 4, visible/ })).toHaveCount(1);
    await expect(lens.canvas('masked')).toHaveAccessibleName(/50 are visible/);

    for (const [frame, button] of [
      [original, 'left'],
      [masked, 'middle'],
    ] as const) {
      await page.mouse.move(...at(frame, 5, 5));
      await page.mouse.down({ button });
      await page.mouse.move(...at(frame, 4, 3), { steps: 3 });
      await page.mouse.up({ button });
    }
    // Twice by a row and two columns; not a patch more was painted.
    await expect(lens.canvas('masked')).toHaveAccessibleName(/50 are visible/);
    await page.mouse.move(...at(original, 0, 0));
    await expect(page.getByText(/^Patch 32 · row 3, column 5/)).toBeVisible();

    await page.getByRole('button', { name: 'Coffee' }).click();
    await expect(level(page)).toHaveAccessibleName('Zoom, 1×');
  });

  test('follows the focus', async ({ lens, page }) => {
    const original = await box(lens, 'original');
    for (let i = 0; i < 3; i++) await page.mouse.dblclick(original.x + 1, original.y + 1);
    await expect(level(page)).toHaveAccessibleName('Zoom, 8×');
    await page.getByRole('gridcell', { name: /^Row 1, column 1,/ }).focus();
    await page.keyboard.press('Control+End');
    const cell = await page.getByRole('gridcell', { name: /^Row 14, column 14,/ }).boundingBox();
    const frame = await box(lens, 'masked');
    if (cell === null) throw new Error('The cell is not shown.');
    expect(cell.x).toBeGreaterThanOrEqual(frame.x - 0.5);
    expect(cell.x + cell.width).toBeLessThanOrEqual(frame.x + frame.width + 0.5);
    expect(cell.y + cell.height).toBeLessThanOrEqual(frame.y + frame.height + 0.5);
    await page.keyboard.press('Space');
    await expect(lens.canvas('masked')).toHaveAccessibleName(/(48|50) are visible/);
    expect(await page.evaluate(() => window.scrollX)).toBe(0);
  });

  test('goes on in the comparison, with its own slider', async ({ lens, page }) => {
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compare' });
    await expect(level(dialog.page()).last()).toHaveAccessibleName('Zoom, 1.5×');
    await dialog.getByRole('region', { name: 'The two panels' }).focus();
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    await dialog.getByRole('slider').fill('20');
    await expect(dialog.getByRole('slider')).toHaveAttribute('aria-valuetext', /^20 % original/);
    await dialog.getByRole('button', { name: 'Whole image' }).click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(level(page)).toHaveAccessibleName('Zoom, 1×');
    await expect(lens.slider).toBeVisible();
  });
});

test('two fingers zoom, on the masked panel too, and paint nothing', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 3,
    hasTouch: true,
    isMobile: true,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = await context.newPage();
  const lens = new LensPage(page);
  await lens.holdModel();
  await lens.open('./#view=order,interpolation');
  await lens.firstImage();
  await interpolated(lens);
  const session = await context.newCDPSession(page);
  const { x, y, width } = await box(lens, 'masked');
  const fingers = (apart: number) =>
    [-apart, apart].map((from, id) => ({ x: x + width / 2 + from, y: y + width / 2, id }));
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: ReturnType<typeof fingers>) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints });
  // The first finger comes a moment before the second, as it does.
  await send('touchStart', fingers(15).slice(0, 1));
  await expect(lens.canvas('masked')).toHaveAccessibleName(/(48|50) are visible/);
  await send('touchStart', fingers(15));
  for (let apart = 18; apart <= 60; apart += 6) await send('touchMove', fingers(apart));
  await send('touchEnd', []);
  await expect(level(page)).toHaveAccessibleName('Zoom, 4×');
  await expect(lens.canvas('masked')).toHaveAccessibleName(/49 are visible/);
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveAttribute('aria-disabled', 'true');
  expect(await page.evaluate(() => [window.visualViewport?.scale, window.scrollY])).toEqual([1, 0]);

  // One finger moves the image on the other panels, and the page stays.
  const original = await box(lens, 'original');
  const swipe = (by: number) => [{ x: original.x + width / 2 - by, y: original.y + width / 2 + by, id: 0 }];
  const before = await lens.pixels('original');
  await send('touchStart', swipe(0));
  for (let by = 5; by <= 40; by += 5) await send('touchMove', swipe(by));
  await send('touchEnd', []);
  expect(largestDifference(await lens.pixels('original'), before)).toBeGreaterThan(0);
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  // Not a tap: the browser takes one that follows a swipe for a hand that stops it.
  await page.getByRole('button', { name: 'Whole image' }).click();
  await expect(level(page)).toHaveAccessibleName('Zoom, 1×');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await context.close();
});

test('a link with a model’s revision offers that very one, and keeps it', async ({ lens, page }) => {
  await lens.holdModel();
  await lens.open('./#model=facebook/vit-mae-large@refs/pr/3');
  await lens.firstImage();
  await expect(
    page.getByRole('button', { name: 'See what facebook/vit-mae-large@refs/pr/3 takes' }),
  ).toBeVisible();
  await lens.setRatio(50);
  await expect.poll(() => new URL(page.url()).hash).toBe('#model=facebook/vit-mae-large@refs/pr/3&ratio=0.5');
  await page.evaluate(() => {
    window.location.hash = 'model=facebook/vit-mae-large@..';
  });
  await expect(page.getByText(/The link’s model cannot be used/)).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on five panels, zoomed (${colorScheme})`, async ({ lens, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lens.holdModel();
    await lens.open('./#view=order,interpolation');
    await lens.firstImage();
    await interpolated(lens);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.mouse.move(0, 0);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Compare' }).click();
    await expect(page.getByRole('dialog', { name: 'Compare' })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });
}
