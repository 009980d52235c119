/** From a file to what the model takes and what the page shows. Runs in the picture's thread. */
import { decodePicture } from '../image/decode.ts';
import { displayNormalization, type PreprocessorConfig, toPixelValues } from '../image/processor.ts';
import { originalPanel } from '../mae/reconstruction.ts';
import type { PreparedPicture } from './engine.ts';

export interface PictureInput extends Omit<PreparedPicture, 'id'> {
  /** [3, S, S], normalised. */
  readonly pixelValues: Float32Array;
}

/** @throws LensError with one of the `picture-` codes */
export async function preparePicture(
  picture: Blob,
  imageSize: number,
  preprocessor: PreprocessorConfig,
): Promise<PictureInput> {
  const { rgb, width, height } = await decodePicture(picture, imageSize, imageSize);
  const pixelValues = await toPixelValues(rgb, imageSize, preprocessor);
  return {
    width,
    height,
    imageSize,
    original: originalPanel(pixelValues, displayNormalization(preprocessor)),
    pixelValues,
  };
}
