/**
 * The four panels of the reference figure. A displayed byte is `clip((v · std + mean) · 255, 0, 255)`, truncated
 * to an integer, in doubles, as in the authors' notebook. Masked patches are zero in normalised space, which
 * with ImageNet's mean shows as the grey (123, 116, 103).
 */
import { unpatchify } from './patches.ts';

type Rgb = readonly [number, number, number];

/** What `pixel_values` were normalised with, named as in preprocessor_config.json. */
export interface PixelNormalization {
  readonly image_mean: Rgb;
  readonly image_std: Rgb;
}

/** Sides in pixels, named as in config.json. */
interface PanelSizes {
  readonly image_size: number;
  readonly patch_size: number;
}

/**
 * The panel "original".
 * @param pixelValues [3, S, S]
 * @returns [S, S, 3]
 */
export function originalPanel(
  pixelValues: Float32Array,
  normalization: PixelNormalization,
): Uint8ClampedArray {
  const area = pixelValues.length / 3;
  const panel = new Uint8ClampedArray(pixelValues.length);
  for (let c = 0; c < 3; c++) {
    const mean = normalization.image_mean[c] as number;
    const std = normalization.image_std[c] as number;
    for (let i = 0; i < area; i++) {
      // The array would round to the nearest; the reference truncates. Clamping is the array's.
      panel[i * 3 + c] = Math.trunc(((pixelValues[c * area + i] as number) * std + mean) * 255);
    }
  }
  return panel;
}

/**
 * The panel "masked": x(1 - m).
 * @param pixelValues [3, S, S]
 * @param mask [L], 1 = removed
 * @returns [S, S, 3]
 */
export function maskedPanel(
  pixelValues: Float32Array,
  mask: ArrayLike<number>,
  sizes: PanelSizes,
  normalization: PixelNormalization,
): Uint8ClampedArray {
  return originalPanel(
    replaceMasked(pixelValues, new Float32Array(pixelValues.length), mask, sizes),
    normalization,
  );
}

/**
 * The panel "reconstruction": the prediction for every patch, visible ones included.
 * @param logits [L, p·p·3]; of a `norm_pix_loss` model, through `denormalizePatches` first
 * @returns [S, S, 3]
 */
export function reconstructionPanel(
  logits: Float32Array,
  sizes: PanelSizes,
  normalization: PixelNormalization,
): Uint8ClampedArray {
  return originalPanel(unpatchify(logits, sizes.image_size, sizes.patch_size), normalization);
}

/**
 * The panel "reconstruction + visible": x(1 - m) + y m.
 * @param logits [L, p·p·3]; of a `norm_pix_loss` model, through `denormalizePatches` first
 * @param pixelValues [3, S, S]
 * @param mask [L], 1 = removed
 * @returns [S, S, 3]
 */
export function reconstructionAndVisiblePanel(
  logits: Float32Array,
  pixelValues: Float32Array,
  mask: ArrayLike<number>,
  sizes: PanelSizes,
  normalization: PixelNormalization,
): Uint8ClampedArray {
  const prediction = unpatchify(logits, sizes.image_size, sizes.patch_size);
  return originalPanel(replaceMasked(pixelValues, prediction, mask, sizes), normalization);
}

/** The image with its masked patches taken from `replacement`; all [3, S, S]. */
function replaceMasked(
  pixelValues: Float32Array,
  replacement: Float32Array,
  mask: ArrayLike<number>,
  { image_size, patch_size }: PanelSizes,
): Float32Array {
  const grid = image_size / patch_size;
  if (pixelValues.length !== 3 * image_size * image_size || mask.length !== grid * grid) {
    throw new RangeError(
      `An image of ${image_size} x ${image_size} pixels in patches of ${patch_size} has neither ${pixelValues.length} values nor ${mask.length} patches.`,
    );
  }
  return pixelValues.map((value, index) => {
    const x = index % image_size;
    const y = Math.floor(index / image_size) % image_size;
    const patch = Math.floor(y / patch_size) * grid + Math.floor(x / patch_size);
    return mask[patch] === 0 ? value : (replacement[index] as number);
  });
}
