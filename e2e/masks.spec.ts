/** The mask is the visitor's: strategies, the brush, links, and what can be taken along. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import sharp from 'sharp';
import { squareGrid } from '../src/mae/geometry.ts';
import { randomMasking } from '../src/mae/masking.ts';
import { rectangle } from '../src/mae/patch-cells.ts';
import { torchRand } from '../src/mae/random.ts';
import { maskByStrategy } from '../src/mae/strategies/strategies.ts';
import { FIGURE_PANELS, figureLayout, scaleForWidth } from '../src/share/figure-layout.ts';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LensPage } from './lens-page.ts';

const SIDE = 224;
const SIZE = { width: SIDE, height: SIDE };
const PATCH = 16;
const GRID = SIDE / PATCH;
const LENGTH = GRID * GRID;
const GREY = [123, 116, 103];

/** Seed 2 at 75 %: what the page starts with. */
const START = [...randomMasking(torchRand(2, LENGTH), 0.75).mask];

/** 1 where the whole patch has the mask's grey. */
function greyPatches(rgb: ArrayLike<number>, channels: number): number[] {
  return Array.from({ length: LENGTH }, (_, patch) => {
    for (let i = 0; i < PATCH * PATCH; i++) {
      const y = Math.floor(patch / GRID) * PATCH + Math.floor(i / PATCH);
      const x = (patch % GRID) * PATCH + (i % PATCH);
      if (GREY.some((value, channel) => rgb[(y * SIDE + x) * channels + channel] !== value)) return 0;
    }
    return 1;
  });
}

async function maskOf(lens: LensPage): Promise<number[]> {
  return greyPatches((await lens.pixels('masked')).rgb, 3);
}

/** The mask without the cells' own paint. */
function painted(mask: readonly number[], cells: readonly number[], value: 0 | 1): number[] {
  return mask.map((old, cell) => (cells.includes(cell) ? value : old));
}

/** The page with its image, every panel of the model's own size, and no model yet. */
async function openExact(lens: LensPage, url = './'): Promise<void> {
  await lens.holdModel();
  await lens.open(url);
  await lens.firstImage();
  await lens.exactPanels(SIDE);
}

/** The middle of a patch of the masked panel, on the screen. */
async function placeOf(lens: LensPage, row: number, column: number): Promise<{ x: number; y: number }> {
  const box = await lens.page.getByRole('grid').boundingBox();
  if (box === null) throw new Error('The masked panel is not shown.');
  return {
    x: box.x + ((column + 0.5) * box.width) / GRID,
    y: box.y + ((row + 0.5) * box.height) / GRID,
  };
}

async function drag(lens: LensPage, from: [number, number], to: [number, number]): Promise<void> {
  const [start, end] = [await placeOf(lens, ...from), await placeOf(lens, ...to)];
  await lens.page.mouse.move(start.x, start.y);
  await lens.page.mouse.down();
  await lens.page.mouse.move(end.x, end.y, { steps: 3 });
  await lens.page.mouse.up();
}

const cell = (page: Page, row: number, column: number) =>
  page.getByRole('gridcell', { name: new RegExp(`^Row ${row}, column ${column}, `) });

async function bytesOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

test.describe('painting', () => {
  test('with the mouse: strokes, rectangles, undo and redo', async ({ lens, page }) => {
    await openExact(lens);
    expect(await maskOf(lens)).toEqual(START);
    // The first patch of row 4 is hidden, so the stroke reveals, visible patches on its way included.
    await drag(lens, [3, 0], [3, 13]);
    const row = Array.from({ length: GRID }, (_, column) => 3 * GRID + column);
    const stroked = painted(START, row, 0);
    expect(await maskOf(lens)).toEqual(stroked);
    await expect(page.getByText(/\d+ of 196 patches seen/)).toContainText(
      `${stroked.filter((value) => value === 0).length} of 196`,
    );

    await page.keyboard.down('Shift');
    await drag(lens, [3, 3], [9, 8]);
    await page.keyboard.up('Shift');
    const both = painted(stroked, rectangle(squareGrid(GRID), 3 * GRID + 3, 9 * GRID + 8), 1);
    expect(await maskOf(lens)).toEqual(both);

    await page.keyboard.press('Control+z');
    expect(await maskOf(lens)).toEqual(stroked);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await maskOf(lens)).toEqual(START);
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+y');
    expect(await maskOf(lens)).toEqual(both);
    await page.keyboard.press('i');
    expect(await maskOf(lens)).toEqual(both.map((value) => 1 - value));
    await page.getByRole('button', { name: 'Take the paint off' }).click();
    expect(await maskOf(lens)).toEqual(START);
  });

  test('by key: Space, Shift with arrows, fill; every patch says what it is', async ({ lens, page }) => {
    await openExact(lens);
    await lens.panel('masked').getByRole('gridcell').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect(cell(page, 2, 2)).toBeFocused();
    await page.keyboard.press('Space');
    await page.keyboard.down('Shift');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    await page.keyboard.up('Shift');
    await expect(cell(page, 3, 4)).toBeFocused();
    const value = START[GRID + 1] === 1 ? 0 : 1;
    expect(await maskOf(lens)).toEqual(
      painted(START, rectangle(squareGrid(GRID), GRID + 1, 2 * GRID + 3), value),
    );
    await expect(cell(page, 3, 4)).toHaveAccessibleName('Row 3, column 4, visible');
  });

  test('with a finger, on a phone', async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const lens = new LensPage(await context.newPage());
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    const { x, y } = await placeOf(lens, 0, 0);
    await lens.page.touchscreen.tap(x, y);
    await expect(cell(lens.page, 1, 1)).toHaveAccessibleName('Row 1, column 1, visible');
    await expect(lens.canvas('masked')).toHaveAccessibleName(/50 are visible/);
    expect(await lens.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await context.close();
  });

  test('is followed by the reconstruction', async ({ lens, page }) => {
    await lens.open();
    await lens.firstImage();
    await lens.painted();
    await drag(lens, [0, 0], [0, 13]);
    await lens.painted();
    await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/painted by hand/);
    await expect(lens.panel('reconstruction')).toContainText('painted by hand');
    await expect(cell(page, 5, 5)).toHaveAccessibleName(/Row 5, column 5, (visible|masked, error \d\.\d\d)/);
  });
});

test('strategies mask as they are defined, and the ones that ignore the ratio say so', async ({
  lens,
  page,
}) => {
  await openExact(lens);
  const noise = torchRand(2, LENGTH);
  for (const [label, id] of [
    ['Blocks', 'block'],
    ['Grid', 'grid'],
    ['Checkerboard', 'checkerboard'],
    ['Centre', 'centre'],
  ] as const) {
    await page.getByRole('button', { name: /^Masking: / }).click();
    await page.getByRole('radio', { name: label, exact: true }).check({ force: true });
    await page.keyboard.press('Escape');
    expect(await maskOf(lens), label).toEqual([...maskByStrategy(id, noise, 0.75, squareGrid(GRID)).mask]);
    await expect(lens.slider).toHaveAttribute('aria-disabled', String(id === 'checkerboard'));
  }
});

test.describe('pointing at a patch', () => {
  test('tells what it is, on every panel, and nothing moves', async ({ lens, page }) => {
    await openExact(lens);
    const before = await lens.slider.boundingBox();
    // What is pointed at is the frame; `exactPanels` makes the canvas in it smaller.
    const box = await lens.canvas('original').locator('..').boundingBox();
    if (box === null) throw new Error('The original is not shown.');
    // Patch 82 is the first that seed 2 keeps.
    await page.mouse.move(box.x + (12.5 * box.width) / GRID, box.y + (5.5 * box.height) / GRID);
    await expect(page.getByText('Patch 82 · row 6, column 13 · visible · kept as number 0')).toBeVisible();
    await expect(page.locator('figure [data-patch="82"]')).toHaveCount(4);
    expect(await lens.slider.boundingBox()).toEqual(before);
    await page.mouse.move(0, 0);
    await expect(page.locator('figure [data-patch]')).toHaveCount(0);
    expect(await lens.slider.boundingBox()).toEqual(before);
  });

  test('errors: the last panel shows them, with their scale', async ({ lens, page }) => {
    await lens.open();
    await lens.firstImage();
    await lens.painted();
    await page.getByRole('button', { name: 'Error per patch' }).click();
    await expect(page.getByRole('heading', { name: 'error per patch' })).toBeVisible();
    await expect(lens.panel('combined')).toContainText('Their mean is the loss');
    const { side, rgb } = await lens.pixels('combined');
    // The worst patch has the scale's last colour.
    let brightest = 0;
    for (let i = 0; i < side * side; i++) {
      if (rgb[i * 3] === 253 && rgb[i * 3 + 1] === 231 && rgb[i * 3 + 2] === 37) brightest += 1;
    }
    expect(brightest).toBeGreaterThan((side / GRID - 1) ** 2 - 1);
    expect(brightest).toBeLessThan(4 * (side / GRID + 1) ** 2);
  });
});

test.describe('links', () => {
  const fragment = (page: Page) => decodeURIComponent(new URL(page.url()).hash);

  test('hold the mask: another visitor sees the same', async ({ lens, page, context }) => {
    await openExact(lens);
    await page.getByRole('radio', { name: 'NumPy' }).check({ force: true });
    await lens.seed.fill('41');
    await lens.setRatio(60);
    await drag(lens, [6, 2], [6, 11]);
    await expect.poll(() => fragment(page)).toMatch(/seed=41&generator=numpy&painted=14\./);
    const mask = await maskOf(lens);

    const other = new LensPage(await context.newPage());
    await openExact(other, page.url());
    expect(await maskOf(other)).toEqual(mask);
    await expect(other.seed).toHaveValue('41');
  });

  test('back and forward go between strategies and samples', async ({ lens, page }) => {
    await openExact(lens);
    await lens.setRatio(50);
    await page.getByRole('button', { name: /^Masking: / }).click();
    await page.getByRole('radio', { name: 'Blocks', exact: true }).check({ force: true });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Coffee' }).click();
    await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: Coffee, /);
    await expect.poll(() => fragment(page)).toBe('#image=coffee&ratio=0.5&strategy=block');
    await page.goBack();
    await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: Cat, /);
    await expect(page.getByRole('button', { name: 'Masking: Blocks' })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('button', { name: 'Masking: Random' })).toBeVisible();
    expect(await maskOf(lens)).toEqual([...randomMasking(torchRand(2, LENGTH), 0.5).mask]);
    await page.goForward();
    await page.goForward();
    await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: Coffee, /);
    await expect.poll(() => fragment(page)).toBe('#image=coffee&ratio=0.5&strategy=block');
  });

  test('that are broken say why, where it can be dismissed; an edited one is read at once', async ({
    lens,
    page,
  }) => {
    await openExact(lens, './#ratio=7&image=unicorn&model=facebook/vit-mae-base');
    const note = page.getByText(/mask ratio cannot be used/);
    await expect(note).toContainText('“unicorn”');
    await expect(note).toContainText('Nothing is downloaded unasked');
    expect(await maskOf(lens)).toEqual(START);
    await page.getByRole('button', { name: 'Dismiss this message' }).click();
    await expect(note).toHaveCount(0);
    await page.evaluate(() => {
      window.location.hash = 'ratio=0.25';
    });
    await expect(lens.slider).toHaveValue('25');
  });

  test('for embedding leave header and samples out', async ({ lens, page }) => {
    await lens.holdModel();
    await page.goto('./#embed=1&hide=facts,tools');
    await lens.firstImage();
    await expect(page.getByRole('banner')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Coffee' })).toHaveCount(0);
    await expect(lens.facts).toHaveCount(0);
    await expect(lens.slider).toBeVisible();
    await expect(page.getByRole('link', { name: 'Open the whole page' })).toHaveAttribute(
      'href',
      /^(?!.*embed)/,
    );
    expect(await findings(page)).toEqual([]);
  });
});

test.describe('to take along', () => {
  test.beforeEach(async ({ lens, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await lens.open('./#strategy=checkerboard');
    await lens.firstImage();
    await lens.painted();
  });

  const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

  test('the link and the Python script, through the clipboard', async ({ lens, page }) => {
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await expect(page.getByText('The link is copied.')).toBeVisible();
    expect(await clipboard(page)).toBe(page.url());

    await page.getByRole('button', { name: 'Python', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'The same in Python' });
    await dialog.getByRole('button', { name: 'Copy the script' }).click();
    await expect(dialog).toContainText('Copied.');
    const script = await clipboard(page);
    expect(script).toContain('ViTMAEForPreTraining.from_pretrained(');
    expect(script).toContain('noise = torch.tensor([[');
    expect(script).toContain('model.config.mask_ratio = 0.5');
    expect(script).toContain(`${new URL('samples/cat.jpg', page.url()).href}`);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(lens.slider).toBeVisible();
  });

  test('the figure, a panel and the numbers, as files', async ({ page }) => {
    const save = async (name: string) => {
      await page.getByRole('button', { name: 'Save' }).click();
      const downloading = page.waitForEvent('download');
      await page.getByRole('menuitem', { name, exact: true }).click();
      return downloading;
    };
    const checkerboard = [
      ...maskByStrategy('checkerboard', torchRand(2, LENGTH), 0.75, squareGrid(GRID)).mask,
    ];

    const figure = await save('The figure, as PNG');
    expect(figure.suggestedFilename()).toBe('cat-figure.png');
    const scale = scaleForWidth(SIZE, 3000);
    const layout = figureLayout(SIZE, scale, FIGURE_PANELS);
    const png = sharp(await bytesOf(figure));
    expect(await png.metadata()).toMatchObject({ width: layout.width, height: layout.height });
    const [, masked] = layout.panels;
    if (masked === undefined) throw new Error('The figure has no second panel.');
    const cut = await png
      .extract({ left: masked.x, top: masked.y, width: masked.width, height: masked.height })
      .removeAlpha()
      .raw()
      .toBuffer();
    // Every pixel of the image is a square of whole pixels: one of each is enough.
    const small = new Uint8Array(SIDE * SIDE * 3);
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const at = (Math.floor(pixel / SIDE) * scale * masked.width + (pixel % SIDE) * scale) * 3;
      small.set(cut.subarray(at, at + 3), pixel * 3);
    }
    expect(greyPatches(small, 3)).toEqual(checkerboard);

    const panel = await save('masked');
    expect(panel.suggestedFilename()).toBe('cat-masked.png');
    const { data, info } = await sharp(await bytesOf(panel))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([SIDE, SIDE]);
    expect(greyPatches(data, 3)).toEqual(checkerboard);
    expect(Buffer.from(small).equals(data)).toBe(true);

    const numbers = JSON.parse((await bytesOf(await save('The numbers, as JSON'))).toString('utf8'));
    expect(numbers).toMatchObject({ kept: 98, settings: { strategy: 'checkerboard' }, mask: checkerboard });
    expect(numbers.loss_per_patch.length).toBe(LENGTH);
  });

  test('the figure, through the clipboard', async ({ page }) => {
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('menuitem', { name: 'Copy the figure' }).click();
    await expect(page.getByText('The figure is on the clipboard.')).toBeVisible();
    const size = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const blob = await item?.getType('image/png');
      if (blob === undefined) return null;
      const { width, height } = await createImageBitmap(blob);
      return { width, height };
    });
    const { width, height } = figureLayout(SIZE, scaleForWidth(SIZE, 3000), FIGURE_PANELS);
    expect(size).toEqual({ width, height });
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the mask’s tools (${colorScheme})`, async ({ lens, page }) => {
    // A colour in mid-fade is not the one to judge.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lens.open('./#view=grid,order,errors&strategy=left');
    await lens.firstImage();
    await lens.painted();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: /^Masking: / }).click();
    await expect(page.getByRole('radiogroup', { name: 'What is hidden' })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Compare' }).click();
    await expect(page.getByRole('dialog', { name: 'Compare' })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });
}
