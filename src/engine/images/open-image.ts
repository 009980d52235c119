/** From a file to what the page shows and what the model takes. Runs in the image's thread. */
import { decodeImage } from '../../image/decode.ts';
import { displayedImage, type PreprocessorConfig } from '../../image/processor.ts';
import { displayNormalization } from '../../mae/panels.ts';
import type { PreparedImage } from '../engine.ts';

/** An image that can be shown. */
export interface OpenedImage extends Omit<PreparedImage, 'id'> {
  /** [S, S, 3], resized as Pillow does it: what `toPixelValues` takes. */
  readonly rgb: Uint8ClampedArray;
}

/**
 * Everything but the model's own numbers: those need a library that a page without a model can do without.
 * @throws LensError with one of the `image-` codes
 */
export async function openImage(
  image: Blob,
  imageSize: number,
  preprocessor: PreprocessorConfig,
): Promise<OpenedImage> {
  const { rgb, width, height } = await decodeImage(image, imageSize, imageSize);
  const normalization = displayNormalization(preprocessor);
  return { width, height, imageSize, original: displayedImage(rgb, preprocessor), normalization, rgb };
}
