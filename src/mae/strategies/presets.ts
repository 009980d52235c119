/** Masks that show something in a lesson. None is from the paper; each is defined by its docstring. */
import type { Masking } from '../masking.ts';
import { gridSide, hideFirst, lenHidden, maskWhere, orderBy } from './grid-cells.ts';

/** Hides every patch whose row and column, counted from 0, add up to an odd number: half of them. */
export function checkerboardMasking(length: number): Masking {
  const grid = gridSide(length);
  return maskWhere(length, (id) => (Math.floor(id / grid) + (id % grid)) % 2 === 1);
}

/**
 * Hides a square in the middle, as large as the ratio asks; its last ring grows from the middles of its sides to
 * the corners.
 */
export function centreMasking(length: number, maskRatio: number): Masking {
  return hideFirst(outwards(length), lenHidden(length, maskRatio));
}

/** Hides a frame, as wide as the ratio asks: the order of `centreMasking` from its other end. */
export function borderMasking(length: number, maskRatio: number): Masking {
  return hideFirst(outwards(length).reverse(), lenHidden(length, maskRatio));
}

/** Hides the left half; the middle column of an odd grid stays visible. */
export function leftMasking(length: number): Masking {
  const grid = gridSide(length);
  return maskWhere(length, (id) => id % grid < Math.floor(grid / 2));
}

/** Hides the right half; the middle column of an odd grid stays visible. */
export function rightMasking(length: number): Masking {
  const grid = gridSide(length);
  return maskWhere(length, (id) => id % grid >= Math.ceil(grid / 2));
}

/** Keeps the one patch that random masking with the same noise keeps first. */
export function singleMasking(noise: ArrayLike<number>): Masking {
  const [first] = orderBy(noise.length, (id) => noise[id] as number);
  return maskWhere(noise.length, (id) => id !== first);
}

/** All patches from the middle outwards: by square rings, within a ring by distance, then in image order. */
function outwards(length: number): number[] {
  const grid = gridSide(length);
  const fromMiddle = (at: number) => Math.abs(2 * at - (grid - 1));
  return orderBy(length, (id) => {
    const down = fromMiddle(Math.floor(id / grid));
    const across = fromMiddle(id % grid);
    // The distance's square is below 2 grid², so it never outweighs a ring.
    return Math.max(down, across) * 2 * grid ** 2 + down ** 2 + across ** 2;
  });
}
