import { columnOf, patchCount } from '../geometry.ts';
import { maskingWhere } from './grid-cells.ts';
import type { StrategyRule } from './strategy.ts';

/** Masks the left half; the middle one of an odd number of columns stays visible. Not in the paper. */
export const left: StrategyRule = {
  usesRatio: false,
  usesSeed: false,
  mask: (_noise, _maskRatio, grid) =>
    maskingWhere(patchCount(grid), (id) => columnOf(id, grid) < Math.floor(grid.columns / 2)),
};
