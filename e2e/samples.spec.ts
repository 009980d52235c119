/** The results that the page shows first are the bundled model's own. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { SAMPLES } from '../src/store/image/samples.ts';
import { expect, test } from './fixtures.ts';

const resultSchema = z.object({ loss: z.number() });

test('every result computed ahead has the loss that the live model gives', async ({ lens, page }) => {
  await lens.open();
  await lens.painted();
  for (const { id, title } of SAMPLES) {
    await page.getByRole('button', { name: title }).click();
    await expect(lens.canvas('original')).toHaveAccessibleName(new RegExp(`^Original: ${title}, `));
    await lens.painted();
    const stored = JSON.parse(readFileSync(join(resolve('dist'), `samples/results/${id}.json`), 'utf8'));
    const { loss } = resultSchema.parse(stored);
    // The page says three digits; after new weights, "npm run samples" was forgotten when this fails.
    await expect(lens.facts, title).toContainText(loss.toFixed(3));
  }
});
