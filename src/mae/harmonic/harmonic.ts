/** Harmonic inpainting: what can be painted from the visible patches without having learned anything. */
import { finestLevel, hierarchy } from './grid.ts';
import { HarmonicSolver } from './solve.ts';

/** Of the visible values' largest magnitude; the true error stays below 1e-4 (see the tests). */
const TOLERANCE = 1e-6;

/**
 * Fills the masked patches with the smoothest surface through the visible pixels: every masked pixel is the mean of
 * its neighbours (the discrete Laplace equation with five points), the visible ones are the boundary, and nothing
 * crosses the image's edge. Each channel by itself, in normalised space, in double dtype.
 *
 * Its loss is `reconstructionLoss(patchify(result), patches, mask, false)`.
 * @param pixelValues [3, S, S]
 * @param mask [L], 1 = removed
 * @param imageSize S, in pixels
 * @param patchSize p, in pixels
 * @returns [3, S, S]: the visible pixels as they were; with nothing masked the image itself; with everything masked
 * zeros, since no boundary says more than the mean that zero stands for
 * @throws RangeError when the sizes do not belong together
 */
export function harmonicInpainting(
  pixelValues: Float32Array,
  mask: ArrayLike<number>,
  imageSize: number,
  patchSize: number,
): Float32Array {
  const grid = imageSize / patchSize;
  const area = imageSize * imageSize;
  if (pixelValues.length !== 3 * area || !Number.isInteger(grid) || mask.length !== grid * grid) {
    throw new RangeError(
      `An image of ${imageSize} x ${imageSize} pixels in patches of ${patchSize} has neither ${pixelValues.length} values nor ${mask.length} patches.`,
    );
  }
  const stride = imageSize + 2;
  const unknown = new Uint8Array(stride * stride);
  let masked = 0;
  for (let y = 0; y < imageSize; y++) {
    for (let x = 0; x < imageSize; x++) {
      if (mask[Math.floor(y / patchSize) * grid + Math.floor(x / patchSize)] === 0) continue;
      unknown[(y + 1) * stride + x + 1] = 1;
      masked += 1;
    }
  }
  if (masked === 0) return pixelValues.slice();
  if (masked === area) return new Float32Array(pixelValues.length);

  const finest = finestLevel(imageSize, unknown);
  const solver = new HarmonicSolver(hierarchy(finest));
  const result = pixelValues.slice();
  const known = new Float64Array(stride * stride);
  const b = new Float64Array(stride * stride);
  for (let channel = 0; channel < 3; channel++) {
    const plane = pixelValues.subarray(channel * area, (channel + 1) * area);
    let magnitude = 0;
    for (let i = 0; i < area; i++) {
      const cell = (Math.floor(i / imageSize) + 1) * stride + (i % imageSize) + 1;
      if (unknown[cell] === 1) continue;
      known[cell] = plane[i] as number;
      magnitude = Math.max(magnitude, Math.abs(plane[i] as number));
    }
    for (const cell of finest.cells) {
      b[cell] =
        (known[cell - 1] as number) +
        (known[cell + 1] as number) +
        (known[cell - stride] as number) +
        (known[cell + stride] as number);
    }
    const solution = solver.solve(b, TOLERANCE * magnitude);
    for (const cell of finest.cells) {
      const i = (Math.floor(cell / stride) - 1) * imageSize + (cell % stride) - 1;
      result[channel * area + i] = solution[cell] as number;
    }
  }
  return result;
}
