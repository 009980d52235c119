/**
 * Results computed ahead for the samples, so that the page shows something before any model has arrived.
 *
 * `public/samples/results/<sample>.json`:
 *
 *     {
 *       "format": "mae-lens-result/1",
 *       "sample": "cat",                    the sample's id
 *       "model": "Demo model",           the model's name, for people
 *       "image_size": 224, "patch_size": 16,
 *       "mask_ratio": 0.75, "seed": "2", "generator": "torch",
 *       "loss": 0.31,                       as the reference defines it; null when no patch is masked
 *       "reconstruction": "cat.png"         an image beside the JSON, S x S pixels, lossless, without a colour
 *     }                                     profile: the prediction for every patch, as the figure displays it
 *
 * The mask is not stored: ratio, seed and generator give it.
 */
import { RGB_CHANNELS } from '../../mae/channels.ts';
import { type Geometry, geometryOf, imageHeight, imageWidth, sameGeometry } from '../../mae/geometry.ts';
import { maskFor } from '../mask/masking.ts';
import { DEFAULT_SETTINGS, type Generator, type Settings } from '../mask/settings.ts';
import type { LensState } from '../state.ts';
import type { Result } from './result-state.ts';

interface Entry {
  readonly sample: string;
  readonly model: string;
  readonly image_size: number;
  readonly patch_size: number;
  readonly mask_ratio: number;
  readonly seed: string;
  readonly generator: Generator;
  readonly loss: number | null;
  readonly reconstruction: string;
}

export interface Precomputed {
  readonly modelName: string;
  readonly settings: Pick<Settings, 'ratio' | 'seed' | 'generator' | 'sample'>;
  readonly geometry: Geometry;
  readonly loss: number | null;
  /** [S, S, 3] */
  readonly reconstruction: Uint8ClampedArray;
}

/** What the loader needs of the browser. */
export interface PrecomputedSource {
  /** Where the results lie, with a slash at the end. */
  readonly baseUrl: string;
  readonly fetch: (url: string) => Promise<Response>;
  /** The image's pixels, [height, width, 3]. */
  readonly decode: (image: Blob) => Promise<{ width: number; height: number; rgb: Uint8ClampedArray }>;
}

/** The result computed ahead for a sample, or null when there is none that can be used. */
export async function loadPrecomputed(
  sampleId: string,
  { baseUrl, fetch, decode }: PrecomputedSource,
): Promise<Precomputed | null> {
  try {
    const answer = await fetch(new URL(`${sampleId}.json`, baseUrl).href);
    // A host may answer a missing file with its front page.
    if (!answer.ok || answer.headers.get('content-type')?.includes('html') === true) return null;
    const entry = readEntry(await answer.json());
    if (entry === null) return null;
    const image = await fetch(new URL(entry.reconstruction, baseUrl).href);
    if (!image.ok || entry.sample !== sampleId) return null;
    const { width, height, rgb } = await decode(await image.blob());
    const geometry = geometryOf({ ...entry, num_channels: RGB_CHANNELS });
    if (width !== imageWidth(geometry) || height !== imageHeight(geometry)) return null;
    return {
      modelName: entry.model,
      settings: {
        ratio: entry.mask_ratio,
        seed: entry.seed,
        generator: entry.generator,
        sample: entry.sample,
      },
      geometry,
      loss: entry.loss,
      reconstruction: rgb,
    };
  } catch {
    // Only a head start: the live model paints the same a little later.
    return null;
  }
}

/** It as the result on the stage; null where it would cover another image, a live result, or another grid. */
export function precomputedResult(state: LensState, imageKey: number, ahead: Precomputed): Result | null {
  const { geometry } = state.masking;
  const usable =
    state.image?.key === imageKey &&
    state.result === null &&
    state.model.info === null &&
    sameGeometry(ahead.geometry, geometry);
  if (!usable) return null;
  return {
    imageKey,
    masking: maskFor({ ...DEFAULT_SETTINGS, ...ahead.settings }, geometry),
    reconstruction: ahead.reconstruction,
    loss: ahead.loss,
    patchErrors: null,
    timing: null,
    modelName: ahead.modelName,
    model: null,
  };
}

/** Checked by hand: a schema library would be a fifth of all that the page loads before its first image. */
function readEntry(json: unknown): Entry | null {
  if (typeof json !== 'object' || json === null) return null;
  const { format, sample, model, image_size, patch_size, mask_ratio, seed, generator, loss, reconstruction } =
    json as Readonly<Record<string, unknown>>;
  const right =
    format === 'mae-lens-result/1' &&
    typeof sample === 'string' &&
    typeof model === 'string' &&
    isSide(image_size) &&
    isSide(patch_size) &&
    typeof mask_ratio === 'number' &&
    mask_ratio >= 0 &&
    mask_ratio <= 1 &&
    typeof seed === 'string' &&
    (generator === 'torch' || generator === 'numpy') &&
    (loss === null || typeof loss === 'number') &&
    typeof reconstruction === 'string';
  return right
    ? { sample, model, image_size, patch_size, mask_ratio, seed, generator, loss, reconstruction }
    : null;
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}

/** An image's pixels as the browser decodes them, without its alpha. */
export async function decodeInBrowser(
  image: Blob,
): Promise<{ width: number; height: number; rgb: Uint8ClampedArray }> {
  const bitmap = await createImageBitmap(image, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  const { width, height } = bitmap;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('The browser gives no canvas.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { width, height, rgb };
}
