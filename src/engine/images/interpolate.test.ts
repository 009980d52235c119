import { expect, test } from 'vitest';
import { PUBLISHED_PREPROCESSOR } from '../../image/published.ts';
import { harmonicInpainting } from '../../mae/harmonic/harmonic.ts';
import { normalizePatches, reconstructionLoss } from '../../mae/loss.ts';
import { randomMasking } from '../../mae/masking.ts';
import { originalPanel } from '../../mae/panels.ts';
import { patchify } from '../../mae/patches.ts';
import { torchRand } from '../../mae/random.ts';
import { square } from '../../mae/testing/square.ts';
import { interpolate } from './interpolate.ts';

const sizes = square(64, 16);
const pixelValues = torchRand(5, 3 * 64 * 64).map((value) => 4 * value - 2);
const { mask } = randomMasking(torchRand(2, 16), 0.75);

test('interpolates harmonically, with the loss in pixel space', () => {
  const { panel, loss, patchErrors } = interpolate(
    pixelValues,
    mask,
    { ...sizes, norm_pix_loss: false },
    PUBLISHED_PREPROCESSOR,
  );
  const filled = harmonicInpainting(pixelValues, mask, sizes);
  expect(panel).toEqual(originalPanel(filled, PUBLISHED_PREPROCESSOR));
  const expected = reconstructionLoss(patchify(filled, sizes), patchify(pixelValues, sizes), mask, false);
  expect({ loss, perPatch: patchErrors }).toEqual(expected);
});

test('a model of normalised pixels is compared in its own space, where the original itself has no error', () => {
  const normalised = { ...sizes, norm_pix_loss: true };
  const nothing = new Uint8Array(16);
  const { patchErrors } = interpolate(pixelValues, nothing, normalised, PUBLISHED_PREPROCESSOR);
  expect(Math.max(...patchErrors)).toBeLessThan(1e-12);

  const everything = new Uint8Array(16).fill(1);
  const target = normalizePatches(patchify(pixelValues, sizes), 768);
  const blank = interpolate(pixelValues, everything, normalised, PUBLISHED_PREPROCESSOR);
  // Where everything is masked the interpolation is zero in pixel space, which is not zero in the loss's.
  const zeroLoss = reconstructionLoss(new Float32Array(target.length), target, everything, false).loss ?? 0;
  expect(blank.loss).toBeGreaterThan(zeroLoss);
});
