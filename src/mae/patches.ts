/** Between a picture and its patches, as `patchify` and `unpatchify` of the reference have it. */

/**
 * Cuts a picture into patches.
 * @param pixelValues [3, S, S]
 * @param imageSize S, in pixels; a multiple of `patchSize`
 * @param patchSize p, in pixels
 * @returns [L, p·p·3]: patches row by row, index inside a patch (py·p + px)·3 + c
 * @throws RangeError when the sizes do not belong together
 */
export function patchify(pixelValues: Float32Array, imageSize: number, patchSize: number): Float32Array {
  checkSizes(pixelValues, imageSize, patchSize);
  const patches = new Float32Array(pixelValues.length);
  forEachPixel(imageSize, patchSize, (inPatches, inPlane) => {
    for (let c = 0; c < 3; c++) {
      patches[inPatches + c] = pixelValues[c * imageSize * imageSize + inPlane] as number;
    }
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
  forEachPixel(imageSize, patchSize, (inPatches, inPlane) => {
    for (let c = 0; c < 3; c++) {
      pixelValues[c * imageSize * imageSize + inPlane] = patches[inPatches + c] as number;
    }
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
    const patch = patches.subarray(i * patchDim, (i + 1) * patchDim);
    let sum = 0;
    for (const value of patch) sum += value;
    const center = sum / patchDim;
    let squares = 0;
    for (const value of patch) squares += (value - center) ** 2;
    mean[i] = center;
    variance[i] = squares / (patchDim - 1);
  }
  return { mean, variance };
}

/** Calls `visit` with the offset of each pixel's first channel in [L, p·p·3] and its offset in an S x S plane. */
function forEachPixel(
  imageSize: number,
  patchSize: number,
  visit: (inPatches: number, inPlane: number) => void,
): void {
  const grid = imageSize / patchSize;
  for (let y = 0; y < imageSize; y++) {
    const gridRow = Math.floor(y / patchSize) * grid;
    const patchRow = (y % patchSize) * patchSize;
    for (let x = 0; x < imageSize; x++) {
      const patch = gridRow + Math.floor(x / patchSize);
      const inside = patchRow + (x % patchSize);
      visit((patch * patchSize * patchSize + inside) * 3, y * imageSize + x);
    }
  }
}

function checkSizes(values: Float32Array, imageSize: number, patchSize: number): void {
  if (!(imageSize % patchSize === 0) || values.length !== 3 * imageSize * imageSize) {
    throw new RangeError(
      `${values.length} values are not an RGB picture of ${imageSize} x ${imageSize} pixels in patches of ${patchSize}.`,
    );
  }
}
