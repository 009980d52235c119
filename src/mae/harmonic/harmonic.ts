/** Harmonic inpainting: what can be painted from the visible patches without having learned anything. */
import {
  cellOfPixel,
  type Geometry,
  imageHeight,
  imageWidth,
  patchCount,
  pixelCount,
  valueCount,
} from '../geometry.ts';
import { finestLevel, hierarchy, withRim } from './grid.ts';
import { HarmonicSolver } from './solve.ts';

/** Of the visible values' largest magnitude; the true error stays below 1e-4 (see the tests). */
const TOLERANCE = 1e-6;

/**
 * Fills the masked patches with the smoothest surface through the visible pixels: every masked pixel is the mean of
 * its neighbours (the discrete Laplace equation with five points), the visible ones are the boundary, and nothing
 * crosses the image's edge. Each channel by itself, in normalised space, in double dtype.
 *
 * Its loss is `reconstructionLoss(patchify(result), patches, mask, false)`.
 * @param pixelValues [C, H, W]
 * @param mask [L], 1 = removed
 * @returns [C, H, W]: the visible pixels as they were; with nothing masked the image itself; with everything masked
 * zeros, since no boundary says more than the mean that zero stands for
 * @throws RangeError when the sizes do not belong together
 */
export function harmonicInpainting(
  pixelValues: Float32Array,
  mask: ArrayLike<number>,
  geometry: Geometry,
): Float32Array {
  const pixels = { rows: imageHeight(geometry), columns: imageWidth(geometry) };
  const area = pixelCount(geometry);
  const { rows, columns } = geometry.grid;
  const whole = Number.isInteger(rows) && Number.isInteger(columns);
  if (!whole || pixelValues.length !== valueCount(geometry) || mask.length !== patchCount(geometry.grid)) {
    throw new RangeError(
      `An image of ${pixels.rows} x ${pixels.columns} pixels in patches of ${geometry.patchSize} has neither ${pixelValues.length} values nor ${mask.length} patches.`,
    );
  }
  const rimmed = withRim(pixels);
  const stride = rimmed.columns;
  const unknown = new Uint8Array(patchCount(rimmed));
  let masked = 0;
  for (let y = 0; y < pixels.rows; y++) {
    for (let x = 0; x < pixels.columns; x++) {
      if (mask[cellOfPixel(x, y, geometry)] === 0) continue;
      unknown[(y + 1) * stride + x + 1] = 1;
      masked += 1;
    }
  }
  if (masked === 0) return pixelValues.slice();
  if (masked === area) return new Float32Array(pixelValues.length);

  const finest = finestLevel(pixels, unknown);
  const solver = new HarmonicSolver(hierarchy(finest));
  const result = pixelValues.slice();
  const known = new Float64Array(unknown.length);
  const b = new Float64Array(unknown.length);
  for (let channel = 0; channel < geometry.channels; channel++) {
    const plane = pixelValues.subarray(channel * area, (channel + 1) * area);
    let magnitude = 0;
    for (let i = 0; i < area; i++) {
      const cell = (Math.floor(i / pixels.columns) + 1) * stride + (i % pixels.columns) + 1;
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
      const i = (Math.floor(cell / stride) - 1) * pixels.columns + (cell % stride) - 1;
      result[channel * area + i] = solution[cell] as number;
    }
  }
  return result;
}
