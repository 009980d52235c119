import type { PreprocessorConfig } from '../../image/processor.ts';
import { patchLength } from '../../mae/geometry.ts';
import { harmonicInpainting } from '../../mae/harmonic/harmonic.ts';
import { normalizePatchesLike, reconstructionLoss } from '../../mae/loss.ts';
import { displayNormalization, originalPanel } from '../../mae/panels.ts';
import { patchify } from '../../mae/patches.ts';
import type { Interpolation, InterpolationGeometry } from '../engine.ts';

/**
 * Harmonic inpainting of a prepared image, with the loss that a model which had painted it would have.
 * @param pixelValues [C, H, W], normalised as `preprocessor` says
 * @param mask [L], 1 = removed
 */
export function interpolate(
  pixelValues: Float32Array,
  mask: Uint8Array,
  { norm_pix_loss, ...geometry }: InterpolationGeometry,
  preprocessor: PreprocessorConfig,
): Interpolation {
  const start = performance.now();
  const filled = harmonicInpainting(pixelValues, mask, geometry);
  const target = patchify(pixelValues, geometry);
  const painted = patchify(filled, geometry);
  const { loss, perPatch } = norm_pix_loss
    ? reconstructionLoss(normalizePatchesLike(painted, target, patchLength(geometry)), target, mask, true)
    : reconstructionLoss(painted, target, mask, false);
  return {
    panel: originalPanel(filled, displayNormalization(preprocessor)),
    loss,
    patchErrors: perPatch,
    ms: performance.now() - start,
  };
}
