/** preprocessor_config.json: parsed, completed with the reference's defaults, and checked. */

import { z } from 'zod';
import { LensError } from '../base/errors.ts';
import type { PreprocessorConfig } from './processor.ts';
import { PUBLISHED_PREPROCESSOR } from './published.ts';

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
    if (issue === undefined || key === '') throw new LensError('config-invalid/preprocessor-no-object');
    throw new LensError('config-invalid/preprocessor-value', { key, reason: issue.message });
  }
  const { do_resize, size, resample, image_mean, image_std, ...rest } = parsed.data;
  if (!do_resize) throw new LensError('config-unsupported/preprocessor-no-resize');
  if (resample !== BILINEAR)
    throw new LensError('config-unsupported/preprocessor-resample', { resample, bilinear: BILINEAR });
  const std = triple(image_std);
  if (std.some((value) => value <= 0)) throw new LensError('config-invalid/preprocessor-std');
  return { ...rest, size: squareSide(size), image_mean: triple(image_mean), image_std: std };
}

/**
 * How a checkpoint's images are prepared: as its preprocessor_config.json says, or as for the published checkpoints where
 * it has none.
 * @param json the parsed file; undefined for none
 * @throws LensError as `parsePreprocessorConfig`
 */
export function preprocessorOf(json: unknown): PreprocessorConfig {
  return json === undefined ? PUBLISHED_PREPROCESSOR : parsePreprocessorConfig(json);
}

function triple(value: number | [number, number, number]): [number, number, number] {
  return typeof value === 'number' ? [value, value, value] : value;
}

/** One number means a square, as ViTImageProcessor and the older ViTFeatureExtractor take it. */
function squareSide(size: number | Record<string, unknown>): number {
  if (typeof size === 'number') return size;
  const parsed = squareSize.safeParse(size);
  if (!parsed.success)
    throw new LensError('config-unsupported/preprocessor-size', {
      keys: Object.keys(size)
        .slice(0, 8)
        .map((key) => key.slice(0, 80)),
    });
  const { height, width } = parsed.data;
  if (height !== width) throw new LensError('config-unsupported/preprocessor-no-square', { width, height });
  return height;
}
