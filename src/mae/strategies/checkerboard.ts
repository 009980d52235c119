import { columnOf, patchCount, rowOf } from '../geometry.ts';
import { maskingWhere } from './grid-cells.ts';
import type { StrategyRule } from './strategy.ts';

/** Masks every patch whose row and column, counted from 0, add up to an odd number: half of them. Not in the paper. */
export const checkerboard: StrategyRule = {
  usesRatio: false,
  usesSeed: false,
  mask: (_noise, _maskRatio, grid) =>
    maskingWhere(patchCount(grid), (id) => (rowOf(id, grid) + columnOf(id, grid)) % 2 === 1),
};
