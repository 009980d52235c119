import { patchCount } from '../geometry.ts';
import { maskedCount, maskFirst, outwards } from './grid-cells.ts';
import type { StrategyRule } from './strategy.ts';

/**
 * Masks a square in the middle (on another grid a rectangle of its proportion), as large as the ratio asks; its last ring
 * grows from the middles of its sides to the corners. Not in the paper.
 */
export const centre: StrategyRule = {
  usesRatio: true,
  usesSeed: false,
  mask: (_noise, maskRatio, grid) => maskFirst(outwards(grid), maskedCount(patchCount(grid), maskRatio)),
};
