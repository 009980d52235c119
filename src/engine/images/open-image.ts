/** From a file to what the page shows and what the model takes. Runs in the picture's thread. */
import { decodePicture } from '../../image/decode.ts';
import { displayedPicture, type PreprocessorConfig } from '../../image/processor.ts';
import type { PreparedPicture } from '../engine.ts';

/** A picture that can be shown. */
export interface OpenedPicture extends Omit<PreparedPicture, 'id'> {
  /** [S, S, 3], resized as Pillow does it: what `toPixelValues` takes. */
  readonly rgb: Uint8ClampedArray;
}

/**
 * Everything but the model's own numbers: those need a library that a page without a model can do without.
 * @throws LensError with one of the `picture-` codes
 */
export async function openPicture(
  picture: Blob,
  imageSize: number,
  preprocessor: PreprocessorConfig,
): Promise<OpenedPicture> {
  const { rgb, width, height } = await decodePicture(picture, imageSize, imageSize);
  return { width, height, imageSize, original: displayedPicture(rgb, preprocessor), rgb };
}
