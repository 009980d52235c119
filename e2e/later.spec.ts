/** Parts of the page that come after its first image: at once when they are there, with a word when they cannot be had. */
import { expect, test } from './fixtures.ts';

test('a part that cannot be loaded says so where it was asked for, and the next try works', async ({
  complaints,
  lens,
  page,
}) => {
  complaints.expect(/Failed to load resource/);
  const scripts = /\/assets\/(?:Help|SaveMenu|ModelsPopup)-[\w-]+\.js$/;
  await page.route(scripts, (route) => route.abort());
  await lens.holdModel();
  await lens.open();
  await lens.firstImage();

  await page.getByRole('button', { name: 'Help', exact: true }).click();
  await expect(lens.alert).toContainText('could not be loaded');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await lens.alert.getByRole('button', { name: 'Dismiss this message' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(lens.alert).toContainText('could not be loaded');
  await page.getByRole('button', { name: /^Model: / }).click();
  await expect(page.getByRole('button', { name: /^Model: / })).toHaveAttribute('aria-expanded', 'false');

  await page.unroute(scripts);
  await page.getByRole('button', { name: 'Help', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'What you are looking at' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Help', exact: true })).toBeFocused();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('menuitem', { name: 'The figure, as PNG' })).toBeVisible();
});

test('a popup opens and closes by its button, by Escape and by a press elsewhere', async ({ lens, page }) => {
  await lens.holdModel();
  await lens.open();
  await lens.firstImage();
  for (const [name, inside] of [
    [/^Model: /, page.getByRole('heading', { name: 'Choose a model' })],
    [/^Device: /, page.getByRole('radiogroup', { name: 'Device' })],
    [/^Masking: /, page.getByRole('radiogroup', { name: 'What is hidden' })],
    ['Save', page.getByRole('menuitem', { name: 'The figure, as PNG' })],
  ] as const) {
    const button = page.getByRole('button', { name });
    await button.click();
    await expect(inside).toBeVisible();
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    // Its own button first, since a press on it is a press outside of the popup as well.
    await button.click({ force: true });
    await expect(inside).toHaveCount(0);
    await button.press('Enter');
    await expect(inside).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(inside).toHaveCount(0);
    await expect(button).toBeFocused();
    await button.press('Enter');
    await expect(inside).toBeVisible();
    await page.mouse.click(640, 790);
    await expect(inside).toHaveCount(0);
  }
});

test('an explanation comes on hover and on focus, stays under the pointer, and goes with Escape', async ({
  lens,
  page,
}) => {
  await lens.holdModel();
  await lens.open();
  await lens.firstImage();
  const words = page.getByText('Takes back the last change of the mask');
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(words).toHaveCount(0);
  await undo.hover();
  await expect(words).toBeVisible();
  await words.hover();
  await page.waitForTimeout(400);
  await expect(words).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(words).toHaveCount(0);
  await lens.slider.focus();
  await page.keyboard.press('Tab');
  const about = page.getByText('How the hidden patches are chosen: at random');
  await expect(about).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(about).toHaveCount(0);
});
