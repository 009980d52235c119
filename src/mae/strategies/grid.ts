/**
 * Grid-wise sampling, the paper's figure 6 (right, at 75 %): "grid-wise sampling that keeps one of every four patches",
 * regularly (section 4.1).
 */
import { columnOf, type Grid, patchCount, rowOf } from '../geometry.ts';
import type { Masking } from '../masking.ts';
import { maskedCount, maskingWhere, orderBy } from './grid-cells.ts';

/**
 * Keeps the top left one of every 2 x 2, as both images of the paper's figure 6 do: 49 of 196, those of even row and
 * column, counted from 0. The paper has no other ratio; there the kept patches are the first ones in the order of
 * ordered dithering (Bayer 1973), which spreads any number of them evenly: 3/4 gives the paper's pattern, 1/2 a
 * checkerboard, 15/16 one of every 4 x 4. Where a side of the grid is odd, the number that the ratio asks for leaves some
 * gaps in the pattern.
 * @param maskRatio the part to remove, from 0 to 1
 * @throws LensError `mask-invalid` for another ratio
 */
export function gridMasking(grid: Grid, maskRatio: number): Masking {
  const length = patchCount(grid);
  const order = orderBy(length, (id) => ditherRank(rowOf(id, grid), columnOf(id, grid), grid));
  const kept = new Set(order.slice(0, length - maskedCount(length, maskRatio)));
  return maskingWhere(length, (id) => !kept.has(id));
}

/** Within every 2 x 2: top left, bottom right, top right, bottom left. */
const BAYER = [0, 2, 3, 1] as const;

/** The cell's place in a Bayer matrix of the smallest power of two that covers the grid. */
function ditherRank(row: number, column: number, { rows, columns }: Grid): number {
  let rank = 0;
  // The finest level counts most.
  for (let bit = 1; bit < Math.max(rows, columns); bit *= 2) {
    const quarter = (row & bit ? 2 : 0) + (column & bit ? 1 : 0);
    rank = rank * 4 + (BAYER[quarter] ?? 0);
  }
  return rank;
}
