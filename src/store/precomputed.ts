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
 *       "reconstruction": "cat.png"         a picture beside the JSON, S x S pixels, lossless, without a colour
 *     }                                     profile: the prediction for every patch, as the figure displays it
 *
 * The mask is not stored: ratio, seed and generator give it.
 */
import { z } from 'zod';
import type { Geometry } from './masking.ts';
import type { Settings } from './settings.ts';

const schema = z.object({
  format: z.literal('mae-lens-result/1'),
  sample: z.string(),
  model: z.string(),
  image_size: z.number().int().min(1),
  patch_size: z.number().int().min(1),
  mask_ratio: z.number().min(0).max(1),
  seed: z.string(),
  generator: z.enum(['torch', 'numpy']),
  loss: z.number().nullable(),
  reconstruction: z.string(),
});

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
  /** The picture's pixels, [height, width, 3]. */
  readonly decode: (picture: Blob) => Promise<{ width: number; height: number; rgb: Uint8ClampedArray }>;
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
    const entry = schema.parse(await answer.json());
    const picture = await fetch(new URL(entry.reconstruction, baseUrl).href);
    if (!picture.ok || entry.sample !== sampleId) return null;
    const { width, height, rgb } = await decode(await picture.blob());
    if (width !== entry.image_size || height !== entry.image_size) return null;
    return {
      modelName: entry.model,
      settings: {
        ratio: entry.mask_ratio,
        seed: entry.seed,
        generator: entry.generator,
        sample: entry.sample,
      },
      geometry: { image_size: entry.image_size, patch_size: entry.patch_size },
      loss: entry.loss,
      reconstruction: rgb,
    };
  } catch {
    // Only a head start: the live model paints the same a little later.
    return null;
  }
}

/** A picture's pixels as the browser decodes them, without its alpha. */
export async function decodeInBrowser(
  picture: Blob,
): Promise<{ width: number; height: number; rgb: Uint8ClampedArray }> {
  const bitmap = await createImageBitmap(picture, {
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
