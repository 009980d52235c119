import { patchCount } from '../geometry.ts';
import { maskedCount, maskFirst, outwards } from './grid-cells.ts';
import type { StrategyRule } from './strategy.ts';

/** Masks a frame, as wide as the ratio asks: the order of `centre` from its other end. Not in the paper. */
export const border: StrategyRule = {
  usesRatio: true,
  usesSeed: false,
  mask: (_noise, maskRatio, grid) =>
    maskFirst(outwards(grid).reverse(), maskedCount(patchCount(grid), maskRatio)),
};
