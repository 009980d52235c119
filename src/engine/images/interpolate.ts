import { displayNormalization, type PreprocessorConfig } from '../../image/processor.ts';
import { harmonicInpainting } from '../../mae/harmonic/harmonic.ts';
import { normalizePatchesLike, reconstructionLoss } from '../../mae/loss.ts';
import { originalPanel } from '../../mae/panels.ts';
import { patchify } from '../../mae/patches.ts';
import type { Interpolation, InterpolationGeometry } from '../engine.ts';

/**
 * Harmonic inpainting of a prepared image, with the loss that a model which had painted it would have.
 * @param pixelValues [3, S, S], normalised as `preprocessor` says
 * @param mask [L], 1 = removed
 */
export function interpolate(
  pixelValues: Float32Array,
  mask: Uint8Array,
  { image_size, patch_size, norm_pix_loss }: InterpolationGeometry,
  preprocessor: PreprocessorConfig,
): Interpolation {
  const start = performance.now();
  const filled = harmonicInpainting(pixelValues, mask, image_size, patch_size);
  const target = patchify(pixelValues, image_size, patch_size);
  const painted = patchify(filled, image_size, patch_size);
  const { loss, perPatch } = norm_pix_loss
    ? reconstructionLoss(
        normalizePatchesLike(painted, target, target.length / mask.length),
        target,
        mask,
        true,
      )
    : reconstructionLoss(painted, target, mask, false);
  return {
    panel: originalPanel(filled, displayNormalization(preprocessor)),
    loss,
    patchErrors: perPatch,
    ms: performance.now() - start,
  };
}
