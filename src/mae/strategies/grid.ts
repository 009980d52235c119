/**
 * Grid-wise sampling, the paper's figure 6 (right, at 75 %): "grid-wise sampling that keeps one of every four patches",
 * regularly (section 4.1).
 */
import type { Masking } from '../masking.ts';
import { gridSide, lenHidden, maskWhere, orderBy } from './grid-cells.ts';

/**
 * Keeps the top left one of every 2 x 2, as both images of the paper's figure 6 do: 49 of 196, those of even row and
 * column, counted from 0. The paper has no other ratio; there the kept patches are the first ones in the order of
 * ordered dithering (Bayer 1973), which spreads any number of them evenly: 3/4 gives the paper's pattern, 1/2 a
 * checkerboard, 15/16 one of every 4 x 4. Where the grid's side is odd, the number that the ratio asks for leaves some
 * gaps in the pattern.
 * @param length L
 * @param maskRatio the part to remove, from 0 to 1
 * @throws LensError `mask-invalid` for another ratio, or when L is not a square
 */
export function gridMasking(length: number, maskRatio: number): Masking {
  const grid = gridSide(length);
  const order = orderBy(length, (id) => ditherRank(Math.floor(id / grid), id % grid, grid));
  const kept = new Set(order.slice(0, length - lenHidden(length, maskRatio)));
  return maskWhere(length, (id) => !kept.has(id));
}

/** Within every 2 x 2: top left, bottom right, top right, bottom left. */
const BAYER = [0, 2, 3, 1] as const;

/** The cell's place in a Bayer matrix of the smallest power of two that covers the grid. */
function ditherRank(row: number, column: number, grid: number): number {
  let rank = 0;
  // The finest level counts most.
  for (let bit = 1; bit < grid; bit *= 2) {
    const quarter = (row & bit ? 2 : 0) + (column & bit ? 1 : 0);
    rank = rank * 4 + (BAYER[quarter] ?? 0);
  }
  return rank;
}
