/** Models whose images are not RGB squares, from files to panels. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { channelsOf } from '../src/image/channels.ts';
import { preprocessorOf } from '../src/image/preprocessor-config.ts';
import { displayedImage } from '../src/image/processor.ts';
import { resizeChannels } from '../src/image/resample.ts';
import { expect, test } from './fixtures.ts';
import type { TestFile } from './images.ts';
import type { LensPage } from './lens-page.ts';

const GOLDEN = 'tools/reference/golden';

/** Noise, half of it half transparent. */
const RGBA = Uint8ClampedArray.from({ length: 40 * 30 * 4 }, (_, i) =>
  i % 4 === 3 ? (i % 8 === 3 ? 255 : 96 + (i % 128)) : ((i * 7919) ^ (i >> 3)) & 255,
);

async function noisePng(): Promise<TestFile> {
  const raw = { width: 40, height: 30, channels: 4 } as const;
  return { name: 'noise.png', mimeType: 'image/png', buffer: await sharp(RGBA, { raw }).png().toBuffer() };
}

/** The golden checkpoint's files, with another config.json where one is given. */
async function openModel(lens: LensPage, directory: string, change: object = {}): Promise<void> {
  const { page } = lens;
  const file = async (name: string) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: await readFile(`${GOLDEN}/${directory}/${name}`),
  });
  const config = await file('config.json');
  config.buffer = Buffer.from(JSON.stringify({ ...JSON.parse(config.buffer.toString()), ...change }));
  await page.getByRole('button', { name: /^Model: / }).click();
  await page
    .getByLabel('Files of a model')
    .setInputFiles([config, await file('preprocessor_config.json'), await file('model.safetensors')]);
  await expect(page.getByRole('button', { name: 'Model: model.safetensors' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Files of a model')).toHaveCount(0);
}

/** What the original panel must show of the noise. */
async function expected(directory: string, channels: number, width: number, height: number) {
  const json = JSON.parse(await readFile(`${GOLDEN}/${directory}/preprocessor_config.json`, 'utf8'));
  const onWhite = RGBA.map((value, i) => {
    const opacity = RGBA[i - (i % 4) + 3] ?? 0;
    return i % 4 === 3 ? 255 : Math.round((value * opacity + 255 * (255 - opacity)) / 255);
  });
  const pixels = channelsOf(channels === 4 ? RGBA.slice() : onWhite, channels);
  const resized = resizeChannels(pixels, channels, 40, 30, width, height);
  return displayedImage(resized, preprocessorOf(json, channels));
}

async function panel(lens: LensPage, place: 'original' | 'reconstruction') {
  return lens.canvas(place).evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const data =
      (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    return { width, height, rgb: Array.from(data).filter((_, i) => i % 4 < 3) };
  });
}

async function exact(lens: LensPage, width: number, height: number): Promise<void> {
  const content = `figure canvas { width: ${width}px !important; height: ${height}px !important; }`;
  await lens.page.addStyleTag({ content });
  await expect.poll(async () => (await panel(lens, 'original')).height).toBe(height);
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);
}

test.beforeEach(async ({ lens, page }) => {
  await page.addInitScript(() => localStorage.setItem('mae-lens:device', 'wasm'));
  await lens.open();
  await lens.painted();
});

test('a model of one channel gets and shows grey', async ({ lens }) => {
  await openModel(lens, 'grey-3x3');
  await lens.openFile(await noisePng());
  await lens.painted();
  await expect(lens.canvas('original')).toHaveAccessibleName(/12 × 12, grey\.$/);
  await exact(lens, 12, 12);
  // Laying on white is the browser's rounding, the rest is Pillow's.
  const original = await panel(lens, 'original');
  expect(largest(original.rgb, await expected('grey-3x3', 1, 12, 12))).toBeLessThanOrEqual(1);
  const { rgb } = await panel(lens, 'reconstruction');
  expect(rgb.every((value, i) => value === rgb[i - (i % 3)])).toBe(true);
  expect(new Set(rgb).size).toBeGreaterThan(10);
});

test('a model of four channels gets opacity, as Pillow resizes it', async ({ lens }) => {
  await openModel(lens, 'channels-4');
  await lens.openFile(await noisePng());
  await lens.painted();
  await expect(lens.canvas('original')).toHaveAccessibleName(
    /8 × 8, colour and opacity \(shown without it\)\.$/,
  );
  await exact(lens, 8, 8);
  const original = await panel(lens, 'original');
  expect(largest(original.rgb, await expected('channels-4', 4, 8, 8))).toBeLessThanOrEqual(1);
});

test('oblong images have oblong panels, patches and figures', async ({ lens, page }) => {
  await openModel(lens, 'grey-3x3', { image_size: [4, 36] });
  await lens.openFile(await noisePng());
  await lens.painted();
  const box = await lens.canvas('masked').boundingBox();
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(9, 0);
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(1);
  await expect(page.getByRole('gridcell')).toHaveCount(9);
  await exact(lens, 36, 4);
  const original = await panel(lens, 'original');
  expect(largest(original.rgb, await expected('grey-3x3', 1, 36, 4))).toBeLessThanOrEqual(1);

  await page.getByRole('button', { name: 'Save' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'masked', exact: true }).click();
  const { width, height } = await sharp(await readFile(await (await download).path())).metadata();
  expect([width, height]).toEqual([36, 4]);
});
