/** What the page asks of the worker that prepares images. */
import type { ImageSize } from '../../image/header.ts';
import type { PreprocessorConfig } from '../../image/processor.ts';
import type { Geometry } from '../../mae/geometry.ts';
import type { Interpolation, InterpolationGeometry } from '../engine.ts';
import type { OpenedImage } from './open-image.ts';

export interface ImageWorker {
  open(image: Blob, geometry: Geometry, preprocessor: PreprocessorConfig): Promise<OpenedImage>;
  /** @returns [C, H, W], normalised */
  toPixelValues(
    pixels: Uint8ClampedArray,
    size: ImageSize,
    preprocessor: PreprocessorConfig,
  ): Promise<Float32Array>;
  interpolate(
    pixelValues: Float32Array,
    mask: Uint8Array,
    geometry: InterpolationGeometry,
    preprocessor: PreprocessorConfig,
  ): Promise<Interpolation>;
}
