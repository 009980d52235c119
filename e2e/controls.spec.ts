/** What the controls do to the mask and the panels, and that what is told about a result is true. */
import { randomMasking } from '../src/mae/masking.ts';
import { numpyUniform, torchRand } from '../src/mae/random.ts';
import { expect, test } from './fixtures.ts';
import type { LensPage, Pixels } from './lens-page.ts';

const SIDE = 224;
const PATCH = 16;
const GRID = SIDE / PATCH;
const GREY = [123, 116, 103];

/** The mask that a panel of exact size shows: 1 where a whole patch is grey. */
function shownMask({ rgb }: Pixels): number[] {
  return Array.from({ length: GRID * GRID }, (_, patch) => {
    const top = Math.floor(patch / GRID) * PATCH;
    const left = (patch % GRID) * PATCH;
    for (let y = top; y < top + PATCH; y++) {
      for (let x = left; x < left + PATCH; x++) {
        const at = (y * SIDE + x) * 3;
        if (GREY.some((value, channel) => rgb[at + channel] !== value)) return 0;
      }
    }
    return 1;
  });
}

async function maskOf(lens: LensPage): Promise<number[]> {
  return shownMask(await lens.pixels('masked'));
}

test.describe('the mask', () => {
  test.beforeEach(async ({ lens }) => {
    await lens.holdModel();
    await lens.open();
    await lens.firstImage();
    await lens.exactPanels(SIDE);
  });

  test('is that of PyTorch and of NumPy, for the seed and the ratio that are shown', async ({
    lens,
    page,
  }) => {
    expect(await maskOf(lens)).toEqual([...randomMasking(torchRand(2, 196), 0.75).mask]);
    await lens.seed.fill('41');
    await lens.setRatio(40);
    expect(await maskOf(lens)).toEqual([...randomMasking(torchRand(41, 196), 0.4).mask]);
    await page.getByRole('radio', { name: 'NumPy' }).check({ force: true });
    expect(await maskOf(lens)).toEqual([...randomMasking(numpyUniform(41, 196), 0.4).mask]);
    await expect(page.getByText('np.random.seed(41)')).toBeVisible();
  });

  test('follows the slider in the same frame', async ({ lens, page }) => {
    // In the very event, after the page's own handlers: what the panel shows when the browser paints next.
    await page.evaluate(() => {
      const seen: { value: number; grey: number }[] = [];
      const canvas = document.querySelector<HTMLCanvasElement>('figure[data-place="masked"] canvas');
      window.addEventListener('input', (event) => {
        if (!(event.target instanceof HTMLInputElement) || event.target.type !== 'range') return;
        const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        let grey = 0;
        // The middle of each patch.
        for (let row = 0; row < 14; row++) {
          for (let column = 0; column < 14; column++) {
            const at = ((row * 16 + 8) * 224 + column * 16 + 8) * 4;
            if (data?.[at] === 123 && data[at + 1] === 116 && data[at + 2] === 103) grey += 1;
          }
        }
        seen.push({ value: event.target.valueAsNumber, grey });
      });
      Object.assign(window, { seen });
    });
    const box = await lens.slider.boundingBox();
    if (box === null) throw new Error('The slider is not shown.');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.75, y);
    await page.mouse.down();
    for (let part = 70; part >= 20; part -= 5) await page.mouse.move(box.x + (box.width * part) / 100, y);
    await page.mouse.up();
    const seen = await page.evaluate(
      () => (window as unknown as { seen: { value: number; grey: number }[] }).seen,
    );
    expect(seen.length).toBeGreaterThan(5);
    for (const { value, grey } of seen) {
      const hidden = 196 - Math.trunc(196 * (1 - value / 100));
      // An image may have the mask's very grey in the middle of some patch.
      expect(Math.abs(grey - hidden), `at ${value} %`).toBeLessThanOrEqual(1);
    }
  });

  test('stays as it was while the seed is no seed', async ({ lens }) => {
    const before = await maskOf(lens);
    await lens.seed.fill('abc');
    await expect(lens.alert).toContainText('whole number');
    await expect(lens.seed).toHaveAttribute('aria-invalid', 'true');
    expect(await maskOf(lens)).toEqual(before);
    await lens.seed.fill('3');
    await expect(lens.alert).toHaveCount(0);
    expect(await maskOf(lens)).toEqual([...randomMasking(torchRand(3, 196), 0.75).mask]);
  });

  test('at the ends: everything seen, everything hidden', async ({ lens, page }) => {
    await lens.setRatio(0);
    await expect(page.getByText('0 %, 196 of 196 patches seen')).toBeVisible();
    expect(await maskOf(lens)).toEqual(new Array(196).fill(0));
    await lens.setRatio(100);
    await expect(page.getByText('100 %, 0 of 196 patches seen')).toBeVisible();
    expect(await maskOf(lens)).toEqual(new Array(196).fill(1));
  });
});

test.describe('the result', () => {
  test('belongs to what its label says, up to the ends of the ratio', async ({ lens }) => {
    await lens.open();
    await lens.firstImage();
    await lens.exactPanels(SIDE);
    await lens.painted();
    await expect(lens.panel('reconstruction')).toContainText('(75 %, seed 2)');

    // Visible patches are the original's, the others the reconstruction's.
    const mask = await maskOf(lens);
    const [original, reconstruction, combined] = await Promise.all([
      lens.pixels('original'),
      lens.pixels('reconstruction'),
      lens.pixels('combined'),
    ]);
    for (let at = 0; at < SIDE * SIDE; at++) {
      const patch = Math.floor(Math.floor(at / SIDE) / PATCH) * GRID + Math.floor((at % SIDE) / PATCH);
      const source = mask[patch] === 1 ? reconstruction : original;
      for (let i = at * 3; i < at * 3 + 3; i++) {
        if (combined.rgb[i] !== source.rgb[i]) throw new Error(`The panels disagree at byte ${i}.`);
      }
    }

    // Many settings in quick succession end with the last one.
    for (let ratio = 70; ratio >= 30; ratio -= 2) await lens.setRatio(ratio);
    await lens.painted();
    await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/at 30 %, seed 2, PyTorch/);
    await expect(lens.panel('reconstruction')).toContainText('(30 %, seed 2)');

    await lens.setRatio(100);
    await lens.painted();
    await expect(lens.canvas('reconstruction')).toHaveAccessibleName(/from 0 of 196 patches/);
    await expect(lens.facts).toContainText('CLS token alone');
    await lens.setRatio(0);
    await lens.painted();
    await expect(lens.facts).toContainText('no masked patch');
  });

  test('follows the image', async ({ lens, page }) => {
    await lens.open();
    await lens.firstImage();
    await lens.painted();
    const cat = await lens.pixels('reconstruction');
    await page.getByRole('button', { name: 'Coffee' }).click();
    await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: Coffee, /);
    await lens.painted();
    expect(await lens.pixels('reconstruction')).not.toEqual(cat);
  });
});
