/** Between an image and its patches, as `patchify` and `unpatchify` of the reference have it. */
import {
  cellOfPixel,
  type Geometry,
  imageHeight,
  imageWidth,
  patchLength,
  pixelCount,
  valueCount,
} from './geometry.ts';

/**
 * Cuts an image into patches.
 * @param pixelValues [C, H, W]
 * @returns [L, p·p·C]: patches row by row, index inside a patch (py·p + px)·C + c
 * @throws RangeError when the sizes do not belong together
 */
export function patchify(pixelValues: Float32Array, geometry: Geometry): Float32Array {
  checkSizes(pixelValues, geometry);
  const patches = new Float32Array(pixelValues.length);
  const { patchSize, channels } = geometry;
  const area = pixelCount(geometry);
  forEachPatchRow(geometry, (inPatches, inPlane) => {
    for (let i = 0; i < patchSize; i++)
      for (let c = 0; c < channels; c++)
        patches[inPatches + i * channels + c] = pixelValues[c * area + inPlane + i] as number;
  });
  return patches;
}

/**
 * The inverse of `patchify`.
 * @param patches [L, p·p·C]
 * @returns [C, H, W]
 * @throws RangeError when the sizes do not belong together
 */
export function unpatchify(patches: Float32Array, geometry: Geometry): Float32Array {
  checkSizes(patches, geometry);
  const pixelValues = new Float32Array(patches.length);
  const { patchSize, channels } = geometry;
  const area = pixelCount(geometry);
  forEachPatchRow(geometry, (inPatches, inPlane) => {
    for (let i = 0; i < patchSize; i++)
      for (let c = 0; c < channels; c++)
        pixelValues[c * area + inPlane + i] = patches[inPatches + i * channels + c] as number;
  });
  return pixelValues;
}

/**
 * Mean and unbiased variance of every patch over all its values, channels together, as the reference's
 * `norm_pix_loss` takes them.
 * @param patches [L, N]
 * @param patchDim N, at least 2
 * @returns mean [L] and variance [L]
 */
export function patchStatistics(
  patches: Float32Array,
  patchDim: number,
): { mean: Float64Array; variance: Float64Array } {
  const length = patches.length / patchDim;
  const mean = new Float64Array(length);
  const variance = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const end = (i + 1) * patchDim;
    let sum = 0;
    for (let j = i * patchDim; j < end; j++) sum += patches[j] as number;
    const center = sum / patchDim;
    let squares = 0;
    for (let j = i * patchDim; j < end; j++) squares += ((patches[j] as number) - center) ** 2;
    mean[i] = center;
    variance[i] = squares / (patchDim - 1);
  }
  return { mean, variance };
}

/**
 * Calls `visit` for each row of pixels of each patch, with the offset of its first pixel in [L, p·p·C] and in an
 * H x W plane.
 */
function forEachPatchRow(geometry: Geometry, visit: (inPatches: number, inPlane: number) => void): void {
  const { grid, patchSize } = geometry;
  const length = patchLength(geometry);
  const [height, width] = [imageHeight(geometry), imageWidth(geometry)];
  const patchRow = patchSize * geometry.channels;
  for (let y = 0; y < height; y++) {
    for (let column = 0; column < grid.columns; column++) {
      const x = column * patchSize;
      visit(cellOfPixel(x, y, geometry) * length + (y % patchSize) * patchRow, y * width + x);
    }
  }
}

function checkSizes(values: Float32Array, geometry: Geometry): void {
  const { rows, columns } = geometry.grid;
  if (values.length !== valueCount(geometry) || !Number.isInteger(rows) || !Number.isInteger(columns)) {
    throw new RangeError(
      `${values.length} values are not an image of ${imageHeight(geometry)} x ${imageWidth(geometry)} pixels with ${geometry.channels} channels in patches of ${geometry.patchSize}.`,
    );
  }
}
