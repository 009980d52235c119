/**
 * The four panels of the reference figure: the one drawing of them, which the page shows and saves. A displayed byte
 * is `clip((v · std + mean) · 255, 0, 255)`, truncated to an integer, in doubles, as in the authors' notebook. Masked
 * patches are zero in normalised space, which with ImageNet's mean shows as the grey (123, 116, 103).
 *
 * Each byte is decided by one value alone, so panels are put together from the bytes of others.
 */
import type { PixelNormalization, Rgb } from './normalization.ts';
import { unpatchify } from './patches.ts';

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

/** What a masked patch is drawn in, as bytes: zero in normalised space. */
export function maskedColour(normalization: PixelNormalization): Rgb {
  const [red = 0, green = 0, blue = 0] = originalPanel(new Float32Array(3), normalization);
  return [red, green, blue];
}

/**
 * The panel "masked": x(1 - m).
 * @param original [S, S, 3], the panel
 * @param mask [L], 1 = removed
 * @param masked as `maskedColour` gives it
 * @returns [S, S, 3]
 * @throws RangeError when sizes, image and mask do not belong together
 */
export function maskedPanel(
  original: Uint8ClampedArray,
  mask: ArrayLike<number>,
  sizes: PanelSizes,
  masked: Rgb,
): Uint8ClampedArray {
  return whereMasked(original, mask, sizes, (index) => masked[index % 3] as number);
}

/**
 * The panel "reconstruction": the prediction for every patch, kept ones included.
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
 * @param original [S, S, 3], the panel
 * @param reconstruction [S, S, 3], the panel
 * @param mask [L], 1 = removed
 * @returns [S, S, 3]
 * @throws RangeError when sizes, image and mask do not belong together
 */
export function reconstructionAndVisiblePanel(
  original: Uint8ClampedArray,
  reconstruction: Uint8ClampedArray,
  mask: ArrayLike<number>,
  sizes: PanelSizes,
): Uint8ClampedArray {
  return whereMasked(original, mask, sizes, (index) => reconstruction[index] as number);
}

/** A panel, [S, S, 3], whose bytes in masked patches are replaced. */
function whereMasked(
  panel: Uint8ClampedArray,
  mask: ArrayLike<number>,
  { image_size, patch_size }: PanelSizes,
  replacement: (index: number) => number,
): Uint8ClampedArray {
  const grid = image_size / patch_size;
  if (panel.length !== 3 * image_size * image_size || mask.length !== grid * grid) {
    throw new RangeError(
      `An image of ${image_size} x ${image_size} pixels in patches of ${patch_size} has neither ${panel.length} values nor ${mask.length} patches.`,
    );
  }
  const drawn = panel.slice();
  for (let patch = 0; patch < mask.length; patch++) {
    if (mask[patch] === 0) continue;
    const top = Math.floor(patch / grid) * patch_size;
    const left = (patch % grid) * patch_size;
    for (let y = top; y < top + patch_size; y++) {
      const row = (y * image_size + left) * 3;
      for (let index = row; index < row + patch_size * 3; index++) drawn[index] = replacement(index);
    }
  }
  return drawn;
}
