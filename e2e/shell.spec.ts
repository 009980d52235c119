/** What is on the screen before the page's script has come; see tools/shell. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

test.use({ newProfile: true });

const SCRIPT = /\/assets\/index-[\w-]+\.js$/;
const HINT = 'The mask is yours: draw on the masked image to hide and reveal patches.';
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Keeps the page's script from arriving, until the returned function is called. */
async function holdScript(page: Page): Promise<() => void> {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(SCRIPT, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** Where everything large stands, in pixels. */
function places(page: Page): Promise<Record<string, readonly number[]>> {
  return page.evaluate(() => {
    const elements = document.querySelectorAll(
      'header, h1, h2, figure > div, section, input, dl, figure canvas',
    );
    return Object.fromEntries(
      [...elements].map((element, index) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [`${index} ${element.tagName} ${element.className}`, [x, y, width, height].map(Math.round)];
      }),
    );
  });
}

for (const [name, viewport] of [
  ['a wide screen', WIDE],
  ['a phone', PHONE],
] as const) {
  test.describe(`on ${name}`, () => {
    test.use({ viewport });

    test('the shell shows the page before its script has come, and the page stands where the shell stood', async ({
      lens,
      page,
    }) => {
      await lens.holdModel();
      const release = await holdScript(page);
      await page.goto('./', { waitUntil: 'commit' });
      await expect(page.getByRole('heading', { name: 'MAE Lens', level: 1 })).toBeVisible();
      for (const place of ['original', 'masked', 'reconstruction', 'combined'] as const) {
        const box = await lens.panel(place).locator('canvas').boundingBox();
        expect(box?.width).toBeGreaterThan(150);
        expect(box?.height).toBeCloseTo(box?.width ?? 0, 0);
      }
      if (viewport === PHONE) await expect(page.locator('section > p', { hasText: HINT })).toBeVisible();
      await expect(page.getByRole('alert')).toBeHidden();
      // It cannot be used, and does not pretend that it could be.
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
      await page.evaluate(() => document.fonts.ready);
      const before = await places(page);
      expect(Object.keys(before).length).toBeGreaterThan(15);

      release();
      await expect(page.locator('#shell')).toHaveCount(0);
      expect(await places(page)).toEqual(before);
      await expect(page.locator('[id^="shell"], [inert]')).toHaveCount(0);
      await lens.firstImage();
    });

    test('nothing moves until the first result', async ({ lens, page }) => {
      await lens.holdModel();
      await page.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(globalThis, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await lens.open();
      await expect(lens.panel('reconstruction')).toContainText('precomputed');
      const shifts = await page.evaluate(
        () => (globalThis as unknown as { shifts: readonly number[] }).shifts,
      );
      expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.01);
    });
  });
}

for (const theme of ['light', 'dark'] as const) {
  test(`the shell obeys the chosen theme: ${theme}`, async ({ page }) => {
    // The system's is the other one.
    await page.emulateMedia({ colorScheme: theme === 'light' ? 'dark' : 'light' });
    await page.addInitScript((chosen) => localStorage.setItem('mae-lens:theme', chosen), theme);
    const release = await holdScript(page);
    await page.goto('./', { waitUntil: 'commit' });
    await expect(page.getByRole('heading', { name: 'MAE Lens', level: 1 })).toBeVisible();
    const scheme = await page.evaluate(() => getComputedStyle(document.body).colorScheme);
    expect(scheme).toBe(theme);
    release();
  });
}

for (const link of ['#hide=samples,tools', '#embed=1', '#view=interpolation']) {
  test(`nothing of the shell is painted where the link says more than it knows: ${link}`, async ({
    lens,
    page,
  }) => {
    await lens.holdModel();
    const release = await holdScript(page);
    await page.goto(`./${link}`, { waitUntil: 'commit' });
    await expect(page.locator('#shell section')).not.toHaveCount(0);
    await expect(page.locator('#shell')).toBeHidden();
    const released = await page.evaluate(() => performance.now());
    release();
    await expect(page.locator('#shell')).toHaveCount(0);
    await lens.firstImage();
    if (link !== '#view=interpolation') await expect(page.getByLabel('Images')).toHaveCount(0);
    const painted = () =>
      page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
    await expect.poll(painted).toBeGreaterThan(released);
  });
}

test('a page that cannot be loaded says so, and can be loaded again', async ({ complaints, lens, page }) => {
  complaints.expect(/Failed to load resource/);
  await page.route(SCRIPT, (route) => route.abort());
  for (const [address, shell] of [
    ['./', true],
    ['./#ratio=0.5', false],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(address);
    await expect(page.getByRole('alert')).toContainText('could not be loaded');
    await expect(page.locator('#shell')).toBeVisible({ visible: shell });
  }
  await page.unroute(SCRIPT);
  await page.getByRole('link', { name: 'load it again' }).click();
  await expect(lens.slider).toHaveValue('50');
  await expect(page.locator('[id^="shell"]')).toHaveCount(0);
  await lens.firstImage();
});

test('the page begins in browsers that do not tell of their first frame', async ({ lens, page }) => {
  await page.addInitScript(() => {
    PerformanceObserver.prototype.observe = () => undefined;
  });
  await lens.open();
  await lens.firstImage();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page explains itself, and shows nothing that could not be used', async ({ page }) => {
    await page.goto('./');
    await expect(page.getByRole('main')).toContainText('JavaScript');
    await expect(page.getByRole('heading', { name: 'MAE Lens' })).toHaveCount(1);
    await expect(page.locator('#shell')).toBeHidden();
    await expect(page.getByRole('button')).toHaveCount(0);
  });
});
