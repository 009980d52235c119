/** The page for everyone: axe's findings, narrow screens, the keyboard alone, themes. */
import type { Page } from '@playwright/test';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';

type Clip = { x: number; y: number; width: number; height: number };

const phone = { width: 360, height: 740 };

/** How far the page scrolls sideways, in pixels, and what sticks out. */
async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 0.5,
    );
    return [
      `${scrollWidth} > ${clientWidth}`,
      ...wide.slice(0, 5).map((element) => `${element.tagName}.${element.className}`),
    ];
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious, on a wide screen and on a phone', async ({ lens, page }) => {
      await lens.open();
      await lens.firstImage();
      await lens.painted();
      expect(await findings(page)).toEqual([]);
      await page.setViewportSize(phone);
      expect(await findings(page)).toEqual([]);
    });

    test('axe finds nothing serious in help, menus and messages', async ({ lens, page }) => {
      await lens.holdModel();
      await lens.open();
      await lens.firstImage();
      await lens.seed.fill('abc');
      await lens.choose({ name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) });
      await expect(lens.alert).toHaveCount(2);
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: /^Device: / }).click();
      await expect(page.getByRole('radiogroup', { name: 'Device' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Help' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}

test('nothing scrolls sideways, from the narrowest phone to a wide screen', async ({ lens, page }) => {
  await lens.holdModel();
  await lens.open();
  await lens.firstImage();
  for (const width of [360, 414, 600, 768, 1024, 1100, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await overflow(page), `at ${width} px`).toEqual([]);
  }
  await page.setViewportSize(phone);
  await page.getByRole('button', { name: 'Help' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await overflow(page)).toEqual([]);
});

test('on a phone, mask and reconstruction come first, with the ratio within reach', async ({
  lens,
  page,
}) => {
  await page.setViewportSize(phone);
  await lens.holdModel();
  await lens.open();
  await lens.firstImage();
  await expect(lens.panel('masked')).toBeInViewport();
  await expect(lens.canvas('reconstruction')).toBeInViewport();
  await expect(lens.slider).toBeInViewport();
});

/** The name of what has the focus, and the part of the screen where one must see that. */
async function focused(page: Page): Promise<{ readonly name: string; readonly clip: Clip } | null> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
    const name = element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent ?? '';
    // Some inputs are hidden, and their label stands for them.
    const own = element.getBoundingClientRect();
    const { x, y, width, height } = own.width < 10 && label ? label.getBoundingClientRect() : own;
    const margin = 6;
    return {
      name: name.trim(),
      clip: { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin },
    };
  });
}

test('the keyboard alone reaches everything, and shows where it is', async ({ lens, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lens.holdModel();
  await lens.open();
  await lens.firstImage();
  // Tips come with the focus and throw a shadow; what is looked for is the ring alone.
  await page.addStyleTag({ content: '[data-base-ui-portal] { display: none !important; }' });
  const names: string[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (stop === null) break;
    const look = () => page.screenshot({ clip: stop.clip, animations: 'disabled' });
    const withFocus = await look();
    // Where Tab goes on from stays where it is.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    expect(withFocus.equals(await look()), `“${stop.name}” looks the same without the focus`).toBe(false);
    names.push(stop.name);
  }
  for (const expected of [
    'Model:',
    'Device:',
    'Theme',
    'Help',
    'Mask ratio',
    'Seed',
    'New seed',
    'PyTorch',
    'Patch grid',
    'Your image',
    'Cat',
    'Writing',
  ]) {
    expect(
      names.some((name) => name.includes(expected)),
      `${expected} among ${names.join(' | ')}`,
    ).toBe(true);
  }
});

test('the keyboard moves the ratio, opens samples and the help, and closes it again', async ({
  lens,
  page,
}) => {
  await lens.holdModel();
  await lens.open();
  await lens.firstImage();
  await lens.slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('74 %, 50 of 196 patches seen')).toBeVisible();
  await page.keyboard.press('[');
  await expect(page.getByText(/^69 %/)).toBeVisible();
  await page.keyboard.press('2');
  await expect(lens.canvas('original')).toHaveAccessibleName(/^Original: Coffee, /);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(lens.slider).toBeFocused();
});

test('a chosen theme stays chosen', async ({ lens, page }) => {
  await lens.holdModel();
  await lens.open();
  const theme = page.getByRole('button', { name: /^Theme/ });
  await theme.click();
  await theme.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
