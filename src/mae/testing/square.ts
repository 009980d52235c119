/** For tests: the geometry of a square RGB image. */
import { type Geometry, geometryOf } from '../geometry.ts';

/** @param imageSize and `patchSize`: sides in pixels */
export function square(imageSize: number, patchSize: number): Geometry {
  return geometryOf({ image_size: imageSize, patch_size: patchSize, num_channels: 3 });
}
