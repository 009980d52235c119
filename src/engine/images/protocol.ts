/** What the page asks of the worker that prepares images. */
import type { PreprocessorConfig } from '../../image/processor.ts';
import type { Interpolation, InterpolationGeometry } from '../engine.ts';
import type { OpenedImage } from './open-image.ts';

export interface ImageWorker {
  open(image: Blob, imageSize: number, preprocessor: PreprocessorConfig): Promise<OpenedImage>;
  /** @returns [3, S, S], normalised */
  toPixelValues(
    rgb: Uint8ClampedArray,
    imageSize: number,
    preprocessor: PreprocessorConfig,
  ): Promise<Float32Array>;
  interpolate(
    pixelValues: Float32Array,
    mask: Uint8Array,
    geometry: InterpolationGeometry,
    preprocessor: PreprocessorConfig,
  ): Promise<Interpolation>;
}
