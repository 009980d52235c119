/** Several runs: averages over seeds, the loss over ratios, beside a live view that stays live. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { LensPage } from './lens-page.ts';

/** Many runs on a busy machine with two cores. */
const RUNS_TIMEOUT = 90_000;

const dock = (page: Page) => page.getByRole('region', { name: 'Several runs' });

async function openRuns(lens: LensPage): Promise<void> {
  await lens.open();
  await lens.firstImage();
  await lens.painted();
  await lens.page.getByRole('button', { name: 'Several runs' }).click();
  await expect(dock(lens.page)).toBeVisible();
}

/** The runs as they are saved. */
async function savedRuns(
  page: Page,
): Promise<{ seed: string; ratio: number; hidden: number; loss: number }[]> {
  const download = page.waitForEvent('download');
  await dock(page).getByRole('button', { name: 'Save as CSV' }).click();
  const [, ...rows] = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  return rows.map((row) => {
    const [seed = '', , , , ratio, hidden, , loss] = row.split(',');
    return { seed, ratio: Number(ratio), hidden: Number(hidden), loss: Number(loss) };
  });
}

/** The loss of the live view, to the digits that the page shows. */
async function liveLoss(lens: LensPage): Promise<string> {
  await lens.painted();
  const name = await lens.canvas('reconstruction').getAttribute('aria-label');
  return /loss ([\d.]+\d)/.exec(name ?? '')?.[1] ?? '';
}

test('eight seeds: each has the loss of the live view, and their average is the mean of those', async ({
  lens,
  page,
}) => {
  test.setTimeout(180_000);
  await openRuns(lens);
  await dock(page).getByRole('radio', { name: '8', exact: true }).check({ force: true });
  await dock(page).getByRole('button', { name: 'Start 8 runs' }).click();
  await expect(dock(page)).toContainText('All 8 runs are done.', { timeout: RUNS_TIMEOUT });
  await expect(dock(page)).toContainText('Of: Cat, Demo model, 75 %, seeds 2 to 9, PyTorch.');

  const runs = await savedRuns(page);
  expect(runs.map(({ seed, hidden }) => [seed, hidden])).toEqual(
    Array.from({ length: 8 }, (_, i) => [String(2 + i), 147]),
  );
  for (const { seed, loss } of runs) {
    await lens.seed.fill(seed);
    await expect(lens.canvas('reconstruction')).toHaveAccessibleName(new RegExp(`seed ${seed}, .*loss`));
    expect(await liveLoss(lens), `seed ${seed}`).toBe(loss.toFixed(3));
  }
  const mean = runs.reduce((sum, { loss }) => sum + loss, 0) / 8;
  const deviation = Math.sqrt(runs.reduce((sum, { loss }) => sum + (loss - mean) ** 2, 0) / 7);
  await expect(dock(page).getByText('Average of the 8 losses').locator('..')).toContainText(
    `${mean.toFixed(3)} ± ${deviation.toFixed(3)} (standard deviation)`,
  );
  await expect(dock(page)).toContainText('These runs are of an earlier mask.');

  const lowest = runs.reduce((a, b) => (b.loss < a.loss ? b : a));
  await dock(page)
    .getByRole('button', { name: `Show seed ${lowest.seed}` })
    .click();
  await expect(lens.seed).toHaveValue(lowest.seed);
});

test('the average image and the spread are painted, and tell about each patch', async ({ lens, page }) => {
  test.setTimeout(150_000);
  await openRuns(lens);
  await dock(page).getByRole('radio', { name: '8', exact: true }).check({ force: true });
  await dock(page).getByRole('button', { name: 'Start 8 runs' }).click();
  await expect(dock(page)).toContainText('All 8 runs are done.', { timeout: RUNS_TIMEOUT });
  const colours = async (name: RegExp) =>
    dock(page)
      .getByRole('img', { name })
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer(0))).size;
      });
  expect(await colours(/^Average of 8 runs of Cat/)).toBeGreaterThan(1000);
  expect(await colours(/^Spread between 8 runs/)).toBeGreaterThan(50);
  const box = await dock(page)
    .getByRole('img', { name: /^Spread/ })
    .boundingBox();
  await page.mouse.move((box?.x ?? 0) + 3, (box?.y ?? 0) + 3);
  await expect(dock(page)).toContainText(
    /Patch 0: hidden in \d of 8 runs, (spread \d+(\.\d)? levels|no spread)/,
  );
  // Marked on the four panels and on both images of the runs.
  await expect(page.locator('[data-patch="0"]')).toHaveCount(6);
});

test('the loss at every ratio: a chart whose points set the ratio, by pointer and by key', async ({
  lens,
  page,
}) => {
  test.setTimeout(180_000);
  await openRuns(lens);
  await dock(page).getByRole('tab', { name: 'All ratios' }).click();
  await dock(page).getByRole('radio', { name: '1', exact: true }).check({ force: true });
  await dock(page).getByRole('button', { name: 'Start 19 runs' }).click();
  await expect(dock(page)).toContainText('All 19 runs are done.', { timeout: RUNS_TIMEOUT });
  const runs = await savedRuns(page);
  expect(runs.map(({ ratio }) => Math.round(ratio * 100))).toEqual(
    Array.from({ length: 19 }, (_, i) => 5 * (i + 1)),
  );

  const points = dock(page).getByRole('radiogroup', { name: /^Set the mask ratio/ });
  await expect(points.getByRole('radio', { checked: true })).toHaveAccessibleName(
    `75 %: loss ${await liveLoss(lens)}, one run`,
  );
  await points.getByRole('radio', { name: /^40 %/ }).click();
  await expect(lens.slider).toHaveValue('40');
  await page.keyboard.press('ArrowRight');
  await expect(lens.slider).toHaveValue('45');
  await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/45 %, seed 2, .*loss/);
  await expect(points.getByRole('radio', { checked: true })).toHaveAccessibleName(
    `45 %: loss ${await liveLoss(lens)}, one run`,
  );
  expect(await findings(page)).toEqual([]);
});

test('the live view goes on during a sweep, and cancelling keeps what was done', async ({ lens, page }) => {
  test.setTimeout(180_000);
  await openRuns(lens);
  await dock(page).getByRole('radio', { name: '128', exact: true }).check({ force: true });
  await dock(page).getByRole('button', { name: 'Start 128 runs' }).click();
  const progress = dock(page).getByRole('progressbar');
  await expect(progress).not.toHaveAttribute('aria-valuenow', '0', { timeout: RUNS_TIMEOUT });

  await lens.setRatio(50);
  await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/50 %, seed 2, PyTorch, loss [\d.]+\d\.$/);
  await lens.setRatio(60);
  await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/60 %, seed 2, PyTorch, loss [\d.]+\d\.$/);
  await expect(progress).toBeVisible();
  const done = Number(await progress.getAttribute('aria-valuenow'));
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(done);

  await dock(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(dock(page)).toContainText(/Cancelled after \d+ of 128 runs\./);
  await expect(progress).toHaveCount(0);
  const runs = await savedRuns(page);
  expect(runs.length).toBeLessThan(128);
  await expect(dock(page)).toContainText(`Average of the ${runs.length} losses`);
  // They are of the mask with which they began, and say so.
  expect(new Set(runs.map(({ hidden }) => hidden))).toEqual(new Set([147]));
  await expect(dock(page)).toContainText('These runs are of an earlier mask.');
});

for (const [name, width, height] of [
  ['beside', 1440, 900],
  ['below', 390, 844],
] as const) {
  test(`the dock lies ${name} the images and not over them`, async ({ lens, page }) => {
    await page.setViewportSize({ width, height });
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    await page.getByRole('button', { name: 'Several runs' }).click();
    const place = await dock(page).boundingBox();
    for (const panel of ['masked', 'reconstruction'] as const) {
      const box = await lens.canvas(panel).boundingBox();
      expect(box?.y).toBeGreaterThanOrEqual(0);
      if (name === 'beside') expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(place?.x ?? 0);
      else expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(place?.y ?? 0);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await expect(dock(page)).toContainText('The runs need the live model. It is not ready yet.');
    await page.keyboard.press('Escape');
    await expect(dock(page)).toHaveCount(0);
  });
}
