/** From a file to what the page shows and what the model takes. Runs in the image's thread. */
import { decodeImage } from '../../image/decode.ts';
import { displayedImage, type PreprocessorConfig } from '../../image/processor.ts';
import type { Geometry } from '../../mae/geometry.ts';
import { displayNormalization } from '../../mae/panels.ts';
import type { PreparedImage } from '../engine.ts';

/** An image that can be shown. */
export interface OpenedImage extends Omit<PreparedImage, 'id'> {
  /** [H, W, C], resized as Pillow does it: what `toPixelValues` takes. */
  readonly pixels: Uint8ClampedArray;
}

/**
 * Everything but the model's own numbers: those need a library that a page without a model can do without.
 * @throws LensError with one of the `image-` codes
 */
export async function openImage(
  image: Blob,
  geometry: Geometry,
  preprocessor: PreprocessorConfig,
): Promise<OpenedImage> {
  const { pixels, width, height } = await decodeImage(image, geometry);
  const normalization = displayNormalization(preprocessor);
  const original = displayedImage(pixels, preprocessor);
  return { width, height, geometry, original, normalization, pixels };
}
