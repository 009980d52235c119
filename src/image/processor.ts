/**
 * From a resized image to `pixel_values`, as ViTImageProcessor makes them. The resizing is ours (resample.ts),
 * since transformers.js does not resize as Pillow does; rescaling and normalising are its own processor's.
 * The result is Python's, bit for bit; see `toPixelValues`.
 */
import { partMissing } from '../base/errors.ts';
import { displayNormalization, originalPanel, type Preprocessing } from '../mae/panels.ts';

/** What preprocessor_config.json says (preprocessor-config.ts), keys spelled as there; `size` is the side of the square. */
export interface PreprocessorConfig extends Preprocessing {
  readonly size: number;
}

/**
 * Rescales and normalises.
 * @param rgb [S, S, 3], resized already
 * @param size S
 * @returns pixel_values, [1, 3, S, S]
 */
export async function toPixelValues(
  rgb: Uint8ClampedArray,
  size: number,
  config: PreprocessorConfig,
): Promise<Float32Array> {
  const { RawImage, ViTImageProcessor } = await import('@xenova/transformers').catch((cause: unknown) => {
    throw partMissing(cause);
  });
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = config;
  const processor = new ViTImageProcessor({
    do_resize: false,
    do_rescale,
    rescale_factor,
    do_normalize,
    // NumPy rounds to float32 after each step, the library only at the end. So it takes the first two steps, which
    // its Float32Array rounds as well, and the division is left to the loop below.
    image_mean: image_mean.map(Math.fround),
    image_std: [1, 1, 1],
  });
  const { pixel_values } = await processor.preprocess(new RawImage(rgb, size, size, 3));
  const values = pixel_values.data as Float32Array;
  if (do_normalize) {
    const area = size * size;
    for (const [c, std] of image_std.entries())
      for (let i = c * area; i < (c + 1) * area; i++) values[i] = (values[i] as number) / Math.fround(std);
  }
  return values;
}

/**
 * The panel "original" of a resized image: byte for byte `originalPanel` of its `pixel_values`. A byte alone decides
 * what it is shown as, so this needs a table of 256 and not the library, which may come later.
 * @param rgb [S, S, 3]
 * @returns [S, S, 3]
 */
export function displayedImage(rgb: Uint8ClampedArray, config: PreprocessorConfig): Uint8ClampedArray {
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = config;
  // [3, 256], the steps of `toPixelValues`; the array rounds to float32 after each.
  const values = Float32Array.from({ length: 3 * 256 }, (_, i) => i % 256);
  for (const [i, byte] of values.entries()) {
    const c = Math.floor(i / 256) as 0 | 1 | 2;
    if (do_rescale) values[i] = byte * rescale_factor;
    if (!do_normalize) continue;
    values[i] = (values[i] as number) - Math.fround(image_mean[c]);
    values[i] = (values[i] as number) / Math.fround(image_std[c]);
  }
  const shown = originalPanel(values, displayNormalization(config));
  return rgb.map((byte, i) => shown[byte * 3 + (i % 3)] as number);
}
