/** Masks that show something in a lesson. None is from the paper; each is defined by its docstring. */
import { columnOf, type Grid, patchCount, rowOf } from '../geometry.ts';
import type { Masking } from '../masking.ts';
import { maskedCount, maskFirst, maskingWhere, orderBy } from './grid-cells.ts';

/** Hides every patch whose row and column, counted from 0, add up to an odd number: half of them. */
export function checkerboardMasking(grid: Grid): Masking {
  return maskingWhere(patchCount(grid), (id) => (rowOf(id, grid) + columnOf(id, grid)) % 2 === 1);
}

/**
 * Hides a square in the middle (on another grid a rectangle of its proportion), as large as the ratio asks; its last ring grows from the middles of its sides to
 * the corners.
 */
export function centreMasking(grid: Grid, maskRatio: number): Masking {
  return maskFirst(outwards(grid), maskedCount(patchCount(grid), maskRatio));
}

/** Hides a frame, as wide as the ratio asks: the order of `centreMasking` from its other end. */
export function borderMasking(grid: Grid, maskRatio: number): Masking {
  return maskFirst(outwards(grid).reverse(), maskedCount(patchCount(grid), maskRatio));
}

/** Hides the left half; the middle one of an odd number of columns stays visible. */
export function leftMasking(grid: Grid): Masking {
  return maskingWhere(patchCount(grid), (id) => columnOf(id, grid) < Math.floor(grid.columns / 2));
}

/** Hides the right half; the middle one of an odd number of columns stays visible. */
export function rightMasking(grid: Grid): Masking {
  return maskingWhere(patchCount(grid), (id) => columnOf(id, grid) >= Math.ceil(grid.columns / 2));
}

/** Keeps the one patch that random masking with the same noise keeps first. */
export function singleMasking(noise: ArrayLike<number>): Masking {
  const [first] = orderBy(noise.length, (id) => noise[id] as number);
  return maskingWhere(noise.length, (id) => id !== first);
}

/** All patches from the middle outwards: by rings of the grid's own shape, within a ring by distance, then in image order. */
function outwards(grid: Grid): number[] {
  const { rows, columns } = grid;
  const side = patchCount(grid);
  return orderBy(side, (id) => {
    // Both sides of the grid are taken as equally long.
    const down = Math.abs(2 * rowOf(id, grid) - (rows - 1)) * columns;
    const across = Math.abs(2 * columnOf(id, grid) - (columns - 1)) * rows;
    // The distance's square is below 2 side², so it never outweighs a ring.
    return Math.max(down, across) * 2 * side ** 2 + down ** 2 + across ** 2;
  });
}
