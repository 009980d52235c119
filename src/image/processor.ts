/**
 * From a resized image to `pixel_values`, as ViTImageProcessor makes them. The resizing is ours (resample.ts),
 * since transformers.js does not resize as Pillow does; rescaling and normalising are its own processor's.
 * The result is Python's, bit for bit; see `toPixelValues`.
 */
import { partMissing } from '../base/errors.ts';
import { shownChannels } from '../mae/channels.ts';
import { displayNormalization, originalPanel, type Preprocessing } from '../mae/panels.ts';
import type { ImageSize } from './header.ts';

/** What preprocessor_config.json says (preprocessor-config.ts), keys spelled as there; sizes in pixels. */
export interface PreprocessorConfig extends Preprocessing {
  readonly size: ImageSize;
}

/**
 * Rescales and normalises.
 * @param pixels [H, W, C], resized already; `config` has C means and deviations
 * @returns pixel_values, [1, C, H, W]
 */
export async function toPixelValues(
  pixels: Uint8ClampedArray,
  { height, width }: ImageSize,
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
    image_std: image_std.map(() => 1),
  });
  const channels = image_mean.length as 1 | 2 | 3 | 4;
  const { pixel_values } = await processor.preprocess(new RawImage(pixels, width, height, channels), {
    do_convert_rgb: false,
  });
  const values = pixel_values.data as Float32Array;
  if (do_normalize) {
    const area = width * height;
    for (const [c, std] of image_std.entries())
      for (let i = c * area; i < (c + 1) * area; i++) values[i] = (values[i] as number) / Math.fround(std);
  }
  return values;
}

/**
 * The panel "original" of a resized image: byte for byte `originalPanel` of its `pixel_values`. A byte alone decides
 * what it is shown as, so this needs a table of 256 and not the library, which may come later.
 * @param pixels [H, W, C]
 * @returns [H, W, 3]
 */
export function displayedImage(pixels: Uint8ClampedArray, config: Preprocessing): Uint8ClampedArray {
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = config;
  const channels = image_mean.length;
  // [C, 256], the steps of `toPixelValues`; the array rounds to float32 after each.
  const values = Float32Array.from({ length: channels * 256 }, (_, i) => i % 256);
  for (const [i, byte] of values.entries()) {
    const c = Math.floor(i / 256);
    if (do_rescale) values[i] = byte * rescale_factor;
    if (!do_normalize) continue;
    values[i] = (values[i] as number) - Math.fround(image_mean[c] as number);
    values[i] = (values[i] as number) / Math.fround(image_std[c] as number);
  }
  const table = originalPanel(values, displayNormalization(config));
  const shown = shownChannels(channels);
  const panel = new Uint8ClampedArray((pixels.length / channels) * 3);
  for (let at = 0, to = 0; at < pixels.length; at += channels, to += 3)
    shown.forEach((channel, c) => {
      panel[to + c] = table[(pixels[at + channel] as number) * 3 + c] as number;
    });
  return panel;
}
