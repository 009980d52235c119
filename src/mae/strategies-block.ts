/** Block-wise sampling: large random blocks are removed. The paper's figure 6 (middle), after BEiT. */
import { LensError } from './errors.ts';
import type { Masking } from './masking.ts';
import { gridSide, lenHidden, maskWhere } from './strategies-cells.ts';

/** BEiT's smallest block: 16 patches of its 14 x 14 grid. Other grids take the same part. */
const SMALLEST_BLOCK = 16 / 196;
/** BEiT's narrowest block; the widest is its inverse. */
const SMALLEST_ASPECT = 0.3;

/**
 * BEiT's blockwise masking (Bao et al. 2021, algorithm 1): until enough is hidden, take a block whose area is
 * uniform between the smallest one and what is still to hide, whose aspect ratio is between 0.3 and 1 / 0.3, and
 * whose place is random; blocks may overlap. As in its published code, the aspect ratio is uniform in the logarithm,
 * and a block must hide something new and no more than is still to hide, so the ratio is met exactly. Where that
 * code gives up after some tries, the place here is drawn among those that fit, and a block that fits nowhere shrinks.
 * @param noise [L], in [0, 1); three values make a block, and after the last one the first comes again
 * @param maskRatio the part to remove, from 0 to 1
 * @throws LensError `mask-invalid` for another ratio or other noise, or when L is not a square
 */
export function blockMasking(noise: ArrayLike<number>, maskRatio: number): Masking {
  const length = noise.length;
  const grid = gridSide(length);
  const hidden = new Uint8Array(length);
  const draw = drawFrom(noise);
  const smallest = Math.max(1, Math.round(length * SMALLEST_BLOCK));
  let left = lenHidden(length, maskRatio);
  while (left > 0) {
    const least = Math.min(smallest, left);
    const area = least + draw() * (left - least);
    const aspect = Math.exp((1 - 2 * draw()) * Math.log(SMALLEST_ASPECT));
    let height = clamp(Math.round(Math.sqrt(area * aspect)), grid);
    let width = clamp(Math.round(Math.sqrt(area / aspect)), grid);
    let places = placesFor(hidden, grid, height, width, left);
    while (places.length === 0) {
      if (height > width) height -= 1;
      else width -= 1;
      places = placesFor(hidden, grid, height, width, left);
    }
    left -= hideBlock(hidden, grid, places[Math.floor(draw() * places.length)] ?? 0, height, width);
  }
  return maskWhere(length, (id) => hidden[id] === 1);
}

function drawFrom(noise: ArrayLike<number>): () => number {
  let next = 0;
  return () => {
    const value = noise[next++ % noise.length];
    if (value === undefined || !(value >= 0 && value < 1)) {
      throw new LensError('mask-invalid', `Blocks are placed by noise from 0 up to 1, not by ${value}.`);
    }
    return value;
  };
}

function clamp(side: number, grid: number): number {
  return Math.min(grid, Math.max(1, side));
}

/** The top left cells at which a block would hide at least one and at most `limit` patches more. */
function placesFor(hidden: Uint8Array, grid: number, height: number, width: number, limit: number): number[] {
  const sums = summedArea(hidden, grid);
  const at = (row: number, column: number) => sums[row * (grid + 1) + column] as number;
  const places: number[] = [];
  for (let row = 0; row + height <= grid; row++) {
    for (let column = 0; column + width <= grid; column++) {
      const bottom = row + height;
      const right = column + width;
      const old = at(bottom, right) - at(row, right) - at(bottom, column) + at(row, column);
      const fresh = height * width - old;
      if (fresh >= 1 && fresh <= limit) places.push(row * grid + column);
    }
  }
  return places;
}

/** [grid + 1, grid + 1]: how many of the cells above and to the left are hidden. */
function summedArea(hidden: Uint8Array, grid: number): Int32Array {
  const stride = grid + 1;
  const sums = new Int32Array(stride * stride);
  for (let row = 0; row < grid; row++) {
    let inRow = 0;
    for (let column = 0; column < grid; column++) {
      inRow += hidden[row * grid + column] as number;
      sums[(row + 1) * stride + column + 1] = (sums[row * stride + column + 1] as number) + inRow;
    }
  }
  return sums;
}

/** @returns how many of the block's patches were not hidden before */
function hideBlock(hidden: Uint8Array, grid: number, place: number, height: number, width: number): number {
  let fresh = 0;
  for (let row = 0; row < height; row++) {
    for (let id = place + row * grid; id < place + row * grid + width; id++) {
      fresh += 1 - (hidden[id] as number);
      hidden[id] = 1;
    }
  }
  return fresh;
}
