/** preprocessor_config.json: parsed, completed with the reference's defaults, and checked. */

import { z } from 'zod';
import { LensError } from '../base/errors.ts';
import { RGB_CHANNELS } from '../mae/channels.ts';
import { channelValues } from './channel-values.ts';
import type { ImageSize } from './header.ts';
import type { PreprocessorConfig } from './processor.ts';
import { publishedPreprocessor } from './published.ts';

const side = z.number().int().min(1);
const perChannel = z.union([z.number(), z.array(z.number()).min(1)]);

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

const extent = z.object({ height: side, width: side });

/**
 * What a preprocessor_config.json asks for; `json` is the parsed file. Absent keys take the class's defaults. Means and
 * deviations become one for each channel, as `channelValues` says.
 * @throws LensError `config-invalid` for values of a wrong type, `config-unsupported` for a preparation that this
 * page does not do
 */
export function parsePreprocessorConfig(json: unknown, channels = RGB_CHANNELS): PreprocessorConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    if (issue === undefined || key === '') throw new LensError('config-invalid/preprocessor-no-object');
    throw new LensError('config-invalid/preprocessor-value', { key, reason: issue.message });
  }
  const { do_resize, size, resample, image_mean, image_std, ...rest } = parsed.data;
  if (!do_resize) throw new LensError('config-unsupported/preprocessor-no-resize');
  if (resample !== BILINEAR)
    throw new LensError('config-unsupported/preprocessor-resample', { resample, bilinear: BILINEAR });
  const std = channelValues('image_std', image_std, channels);
  if (std.some((value) => value <= 0)) throw new LensError('config-invalid/preprocessor-std');
  const mean = channelValues('image_mean', image_mean, channels);
  return { ...rest, size: extentOf(size), image_mean: mean, image_std: std };
}

/**
 * How a checkpoint's images are prepared: as its preprocessor_config.json says, or as for the published checkpoints where
 * it has none.
 * @param json the parsed file; undefined for none
 * @param channels of the model's images
 * @throws LensError as `parsePreprocessorConfig`
 */
export function preprocessorOf(json: unknown, channels: number): PreprocessorConfig {
  return json === undefined ? publishedPreprocessor(channels) : parsePreprocessorConfig(json, channels);
}

/** Whether a file says what each of these channels is normalised with; otherwise it was assumed. */
export function statesChannels(json: unknown, channels: number): boolean {
  if (channels === RGB_CHANNELS) return true;
  const parsed = schema.safeParse(json);
  if (!parsed.success) return false;
  const { do_normalize, image_mean, image_std } = parsed.data;
  const states = (value: number | readonly number[]) =>
    typeof value === 'number' || value.length === channels;
  return !do_normalize || (states(image_mean) && states(image_std));
}

/** One number means a square, as ViTImageProcessor and the older ViTFeatureExtractor take it. */
function extentOf(size: number | Record<string, unknown>): ImageSize {
  if (typeof size === 'number') return { height: size, width: size };
  const parsed = extent.safeParse(size);
  if (parsed.success) return parsed.data;
  throw new LensError('config-unsupported/preprocessor-size', {
    keys: Object.keys(size)
      .slice(0, 8)
      .map((key) => key.slice(0, 80)),
  });
}
