/**
 * From a resized picture to `pixel_values`, as ViTImageProcessor makes them. The resizing is ours (resample.ts),
 * since transformers.js does not resize as Pillow does; rescaling and normalising are its own processor's.
 * The result is Python's, bit for bit; see `toPixelValues`.
 */
import { z } from 'zod';
import { LensError } from '../mae/errors.ts';
import type { PixelNormalization } from '../mae/reconstruction.ts';

/** What preprocessor_config.json says, keys spelled as there; `size` is the side of the square. */
export interface PreprocessorConfig extends PixelNormalization {
  readonly size: number;
  readonly do_rescale: boolean;
  readonly rescale_factor: number;
  readonly do_normalize: boolean;
}

const side = z.number().int().min(1);
const perChannel = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])]);

/** Pillow's number for BILINEAR. */
const BILINEAR = 2;

/** Defaults are those of transformers' ViTImageProcessor. */
const schema = z.object({
  do_resize: z.boolean().default(true),
  size: z.union([side, z.record(z.string(), z.unknown())]).default(224),
  resample: z.number().default(BILINEAR),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: perChannel.default([0.5, 0.5, 0.5]),
  image_std: perChannel.default([0.5, 0.5, 0.5]),
});

const squareSize = z.object({ height: side, width: side });

/**
 * What a preprocessor_config.json asks for; `json` is the parsed file. Absent keys take the class's defaults.
 * @throws LensError `config-invalid` for values of a wrong type, `config-unsupported` for a preparation that this
 * page does not do
 */
export function parsePreprocessorConfig(json: unknown): PreprocessorConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    throw invalid(key === '' ? 'it is not a JSON object' : `${key}: ${issue?.message}`);
  }
  const { do_resize, size, resample, image_mean, image_std, ...rest } = parsed.data;
  if (!do_resize) throw unsupported("do_resize is false, but a picture of any size must become the model's");
  if (resample !== BILINEAR)
    throw unsupported(`resample is ${resample}; only bilinear (${BILINEAR}) is supported`);
  const std = triple(image_std);
  if (std.some((value) => value <= 0)) throw invalid('image_std: every value must be above 0');
  return { ...rest, size: squareSide(size), image_mean: triple(image_mean), image_std: std };
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
  const { RawImage, ViTImageProcessor } = await import('@xenova/transformers');
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
 * The mean and deviation with which `pixel_values` become the picture again: `(v · std + mean) · 255`. They are
 * those of the configuration where it rescales by 1/255 and normalises, as every published one does.
 */
export function displayNormalization(config: PreprocessorConfig): PixelNormalization {
  const white = 255 * (config.do_rescale ? config.rescale_factor : 1);
  const mean = config.do_normalize ? config.image_mean : ([0, 0, 0] as const);
  const std = config.do_normalize ? config.image_std : ([1, 1, 1] as const);
  return {
    image_mean: [mean[0] / white, mean[1] / white, mean[2] / white],
    image_std: [std[0] / white, std[1] / white, std[2] / white],
  };
}

function triple(value: number | [number, number, number]): [number, number, number] {
  return typeof value === 'number' ? [value, value, value] : value;
}

/** One number means a square, as ViTImageProcessor and the older ViTFeatureExtractor take it. */
function squareSide(size: number | Record<string, unknown>): number {
  if (typeof size === 'number') return size;
  const parsed = squareSize.safeParse(size);
  if (!parsed.success)
    throw unsupported(`size has ${Object.keys(size).join(', ') || 'no keys'}, not height and width`);
  const { height, width } = parsed.data;
  if (height !== width) throw unsupported(`size is ${width} x ${height}; only squares are supported`);
  return height;
}

function invalid(reason: string): LensError {
  return new LensError(
    'config-invalid',
    `This preprocessor_config.json cannot be right: ${reason}. Fetch the file again from where the model was published.`,
  );
}

function unsupported(reason: string): LensError {
  return new LensError(
    'config-unsupported',
    `This page cannot prepare pictures as preprocessor_config.json asks: ${reason}. Choose another checkpoint.`,
  );
}
