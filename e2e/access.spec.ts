/** The page for everyone: axe's findings, narrow screens, the keyboard alone, themes. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const phone = { width: 360, height: 740 };

/** axe's serious and critical findings, in words. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

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
      await lens.firstPicture();
      await lens.painted();
      expect(await findings(page)).toEqual([]);
      await page.setViewportSize(phone);
      expect(await findings(page)).toEqual([]);
    });

    test('axe finds nothing serious in help, menus and messages', async ({ lens, page }) => {
      await lens.holdModel();
      await lens.open();
      await lens.firstPicture();
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
  await lens.firstPicture();
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
  await lens.firstPicture();
  await expect(lens.panel('masked')).toBeInViewport();
  await expect(lens.canvas('reconstruction')).toBeInViewport();
  await expect(lens.slider).toBeInViewport();
});

test('the keyboard alone reaches everything, and shows where it is', async ({ lens, page }) => {
  await lens.holdModel();
  await lens.open();
  await lens.firstPicture();
  const reached = new Set<string>();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement) || focused === document.body) return null;
      const name =
        focused.getAttribute('aria-label') ??
        (focused instanceof HTMLInputElement ? focused.labels?.[0]?.textContent : null) ??
        focused.textContent ??
        '';
      // A ring on the element or, where the input itself is hidden, on what stands for it.
      const marked = [focused, ...(focused.nextElementSibling === null ? [] : [focused.nextElementSibling])];
      const ring = marked.some((element) => {
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
      });
      return { name: name.trim(), ring };
    });
    if (stop === null) break;
    expect(stop.ring, `a focus ring on “${stop.name}”`).toBe(true);
    reached.add(stop.name);
  }
  const names = [...reached].join(' | ');
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
    'Your picture',
    'Cat',
    'Writing',
  ]) {
    expect(names).toContain(expected);
  }
});

test('the keyboard moves the ratio, opens samples and the help, and closes it again', async ({
  lens,
  page,
}) => {
  await lens.holdModel();
  await lens.open();
  await lens.firstPicture();
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
