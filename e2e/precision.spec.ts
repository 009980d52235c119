/** Precision by hand: what runs is told, how far it is from float32 is measured, and the choice stays. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { psnr } from '../src/mae/psnr.ts';
import { expect, test } from './fixtures.ts';
import type { LensPage } from './lens-page.ts';

test.use({ newProfile: true });

/** A load of the model, and its first runs, on a busy machine with two cores. */
const LOAD_TIMEOUT = 90_000;

async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Device: / }).click();
}

function dtype(page: Page, name: string): Locator {
  return page
    .getByRole('radiogroup', { name: 'Precision' })
    .getByRole('radio', { name: new RegExp(`^${name}`) });
}

/** The numbers as they are saved. */
async function numbers(page: Page): Promise<{ loss: number; device: { dtype: string } }> {
  await page.getByRole('button', { name: 'Save' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'The numbers, as JSON' }).click();
  return JSON.parse(await readFile(await (await downloading).path(), 'utf8'));
}

async function ready(lens: LensPage, label: RegExp): Promise<void> {
  await expect(lens.facts).toContainText(label, { timeout: LOAD_TIMEOUT });
  await lens.painted();
}

test('int8 by hand: close to float32, measured, and still there after a reload', async ({ lens, page }) => {
  test.setTimeout(300_000);
  await lens.open();
  await lens.firstImage();
  await lens.exactPanels();
  await ready(lens, /WebAssembly · \d threads?(?! ·)/);
  const exact = { ...(await numbers(page)), pixels: await lens.pixels('reconstruction') };
  expect(exact.device.dtype).toBe('fp32');

  await openMenu(page);
  const menu = page.getByRole('dialog', { name: 'Device' });
  await expect(menu).toContainText(/int8 against float32, with this model:\d\d\.\d dB at worst/);
  await dtype(page, 'int8').check();
  await expect(menu).toContainText('Computing in int8: the loss differs slightly', { timeout: LOAD_TIMEOUT });
  await page.keyboard.press('Escape');
  await ready(lens, /WebAssembly · \d threads? · int8/);
  const rounded = { ...(await numbers(page)), pixels: await lens.pixels('reconstruction') };
  expect(rounded.device.dtype).toBe('q8');
  expect(rounded.loss).not.toBe(exact.loss);
  expect(Math.abs(rounded.loss - exact.loss) / exact.loss).toBeLessThan(0.01);
  const decibels = psnr(rounded.pixels.rgb, exact.pixels.rgb);
  expect(decibels).toBeGreaterThan(40);
  expect(decibels).toBeLessThan(80);

  await openMenu(page);
  await page.getByRole('button', { name: 'Measure on this image' }).click();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  const found = menu.getByRole('listitem').filter({ hasText: '6 runs in this browser' });
  await expect(found).toBeVisible({ timeout: LOAD_TIMEOUT });
  const words = (await found.textContent()) ?? '';
  expect(Number(/^([\d.]+) dB at worst/.exec(words)?.[1])).toBeGreaterThan(40);
  await expect(page.getByText(/^int8 was measured: [\d.]+ dB at worst\.$/)).toBeAttached();

  await page.reload();
  await ready(lens, /WebAssembly · \d threads? · int8/);
  await openMenu(page);
  await expect(dtype(page, 'int8')).toBeChecked();
  await expect(found).toHaveText(words);
});

test('float16 on WebAssembly: float32 runs, and the page says why', async ({ lens, page }) => {
  await page.addInitScript(() => {
    localStorage.setItem('mae-lens:device', 'wasm');
    localStorage.setItem('mae-lens:dtype', 'fp16');
  });
  await lens.open();
  await ready(lens, /WebAssembly · \d threads?(?! ·)/);
  await openMenu(page);
  await expect(dtype(page, 'float16')).toBeChecked();
  await expect(page.getByText(/float16 is for WebGPU: .*The model runs in float32 instead\./)).toBeVisible();
});
