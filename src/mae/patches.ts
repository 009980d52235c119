/** Between an image and its patches, as `patchify` and `unpatchify` of the reference have it. */

/**
 * Cuts an image into patches.
 * @param pixelValues [3, S, S]
 * @param imageSize S, in pixels; a multiple of `patchSize`
 * @param patchSize p, in pixels
 * @returns [L, p·p·3]: patches row by row, index inside a patch (py·p + px)·3 + c
 * @throws RangeError when the sizes do not belong together
 */
export function patchify(pixelValues: Float32Array, imageSize: number, patchSize: number): Float32Array {
  checkSizes(pixelValues, imageSize, patchSize);
  const patches = new Float32Array(pixelValues.length);
  const area = imageSize * imageSize;
  forEachPatchRow(imageSize, patchSize, (inPatches, inPlane) => {
    for (let i = 0; i < patchSize; i++)
      for (let c = 0; c < 3; c++)
        patches[inPatches + i * 3 + c] = pixelValues[c * area + inPlane + i] as number;
  });
  return patches;
}

/**
 * The inverse of `patchify`.
 * @param patches [L, p·p·3]
 * @returns [3, S, S]
 * @throws RangeError when the sizes do not belong together
 */
export function unpatchify(patches: Float32Array, imageSize: number, patchSize: number): Float32Array {
  checkSizes(patches, imageSize, patchSize);
  const pixelValues = new Float32Array(patches.length);
  const area = imageSize * imageSize;
  forEachPatchRow(imageSize, patchSize, (inPatches, inPlane) => {
    for (let i = 0; i < patchSize; i++)
      for (let c = 0; c < 3; c++)
        pixelValues[c * area + inPlane + i] = patches[inPatches + i * 3 + c] as number;
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
 * Calls `visit` for each row of pixels of each patch, with the offset of its first pixel in [L, p·p·3] and in an
 * S x S plane.
 */
function forEachPatchRow(
  imageSize: number,
  patchSize: number,
  visit: (inPatches: number, inPlane: number) => void,
): void {
  const grid = imageSize / patchSize;
  for (let y = 0; y < imageSize; y++) {
    const gridRow = Math.floor(y / patchSize) * grid;
    const patchRow = (y % patchSize) * patchSize;
    for (let column = 0; column < grid; column++) {
      const pixels = (gridRow + column) * patchSize * patchSize + patchRow;
      visit(pixels * 3, y * imageSize + column * patchSize);
    }
  }
}

function checkSizes(values: Float32Array, imageSize: number, patchSize: number): void {
  if (!(imageSize % patchSize === 0) || values.length !== 3 * imageSize * imageSize) {
    throw new RangeError(
      `${values.length} values are not an RGB image of ${imageSize} x ${imageSize} pixels in patches of ${patchSize}.`,
    );
  }
}
