/** The loss of ViTMAEForPreTraining, and the error of each patch. */
import { patchStatistics } from './patches.ts';

/** Keeps flat patches from a division by zero; the reference's constant. */
export const VARIANCE_EPS = 1e-6;

export interface ReconstructionLoss {
  /** [L]: mean squared error of each patch, visible ones included, in the loss's space. */
  readonly perPatch: Float32Array;
  /** sum(perPatch · mask) / sum(mask); null when no patch is masked, where the reference gives 0/0. */
  readonly loss: number | null;
}

/**
 * The reference's `forward_loss`, summed in doubles. For a batch, pass its patches one after another.
 * @param logits [L, N]
 * @param patches [L, N]: the image, normalised, from `patchify`
 * @param mask [L], 1 = removed
 * @param normPixLoss whether the target is every patch normalised by its own mean and variance
 * @throws RangeError when the shapes do not belong together
 */
export function reconstructionLoss(
  logits: Float32Array,
  patches: Float32Array,
  mask: ArrayLike<number>,
  normPixLoss: boolean,
): ReconstructionLoss {
  const patchDim = patchDimOf(logits, patches, mask);
  return lossAgainst(logits, normPixLoss ? normalizePatches(patches, patchDim) : patches, mask);
}

/**
 * The same against a target that is ready: `patches`, or `normalizePatches` of them.
 * @param target [L, N]
 */
export function lossAgainst(
  logits: Float32Array,
  target: Float32Array,
  mask: ArrayLike<number>,
): ReconstructionLoss {
  const patchDim = patchDimOf(logits, target, mask);
  const perPatch = new Float32Array(mask.length);
  let sum = 0;
  let masked = 0;
  for (let i = 0; i < mask.length; i++) {
    let squares = 0;
    for (let j = i * patchDim; j < (i + 1) * patchDim; j++) {
      squares += ((logits[j] as number) - (target[j] as number)) ** 2;
    }
    const error = squares / patchDim;
    perPatch[i] = error;
    if (mask[i] !== 0) {
      sum += error;
      masked += 1;
    }
  }
  return { perPatch, loss: masked === 0 ? null : sum / masked };
}

function patchDimOf(logits: Float32Array, target: Float32Array, mask: ArrayLike<number>): number {
  const patchDim = logits.length / mask.length;
  if (logits.length !== target.length || !Number.isInteger(patchDim)) {
    throw new RangeError(
      `${logits.length} logits, ${target.length} pixel values and ${mask.length} patches do not belong together.`,
    );
  }
  return patchDim;
}

/**
 * The target of `norm_pix_loss`: (t - mean) / sqrt(var + 1e-6) per patch, with the unbiased variance.
 * @param patches [L, N]
 */
export function normalizePatches(patches: Float32Array, patchDim: number): Float32Array {
  return normalizePatchesLike(patches, patches, patchDim);
}

/**
 * Another image in the space of that target: with the mean and the variance of the target's patches, not its own.
 * It is the inverse of `denormalizePatches`.
 * @param patches [L, N]
 * @param target [L, N]
 */
export function normalizePatchesLike(
  patches: Float32Array,
  target: Float32Array,
  patchDim: number,
): Float32Array {
  return normalizeBy(patches, patchScale(target, patchDim));
}

/** The same with the scale of the target. */
export function normalizeBy(patches: Float32Array, { mean, deviation }: PatchScale): Float32Array {
  const patchDim = patches.length / mean.length;
  const normalized = new Float32Array(patches.length);
  for (let i = 0; i < mean.length; i++) {
    const center = mean[i] as number;
    const scale = deviation[i] as number;
    for (let j = i * patchDim; j < (i + 1) * patchDim; j++)
      normalized[j] = ((patches[j] as number) - center) / scale;
  }
  return normalized;
}

/** What `norm_pix_loss` shifts and scales a target by. */
export interface PatchScale {
  /** [L] */
  readonly mean: Float64Array;
  /** [L]: sqrt(var + 1e-6), with the unbiased variance. */
  readonly deviation: Float64Array;
}

/** @param patches [L, N] */
export function patchScale(patches: Float32Array, patchDim: number): PatchScale {
  const { mean, variance } = patchStatistics(patches, patchDim);
  return { mean, deviation: variance.map((value) => Math.sqrt(value + VARIANCE_EPS)) };
}

/**
 * The inverse of `normalizePatches`: brings the logits of a `norm_pix_loss` model back to normalised pixel
 * space. Mean and variance are taken from the original image, masked patches included, so the result knows
 * more than the model did: it leaks every hidden patch's brightness and contrast. Say so wherever it is shown.
 * @param logits [L, N]
 * @param patches [L, N]: the original image
 */
export function denormalizePatches(
  logits: Float32Array,
  patches: Float32Array,
  patchDim: number,
): Float32Array {
  return denormalizeBy(logits, patchScale(patches, patchDim));
}

/** The same with the scale of the original image. */
export function denormalizeBy(logits: Float32Array, { mean, deviation }: PatchScale): Float32Array {
  const patchDim = logits.length / mean.length;
  const denormalized = new Float32Array(logits.length);
  for (let i = 0; i < mean.length; i++) {
    const center = mean[i] as number;
    const scale = deviation[i] as number;
    for (let j = i * patchDim; j < (i + 1) * patchDim; j++)
      denormalized[j] = (logits[j] as number) * scale + center;
  }
  return denormalized;
}
