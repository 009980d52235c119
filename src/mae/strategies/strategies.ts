/** The masking strategies as one table: which there are. Their words are in `locales/en/strategies.ts`. */
import type { Grid } from '../geometry.ts';
import type { Masking } from '../masking.ts';
import { block } from './block.ts';
import { border } from './border.ts';
import { centre } from './centre.ts';
import { checkerboard } from './checkerboard.ts';
import { grid } from './grid.ts';
import { left } from './left.ts';
import { random } from './random.ts';
import { right } from './right.ts';
import { single } from './single.ts';
import type { StrategyRule } from './strategy.ts';

/** In the order in which they are offered. */
const table = { random, block, grid, checkerboard, centre, border, left, right, single };

export type StrategyId = keyof typeof table;

export interface Strategy extends StrategyRule {
  readonly id: StrategyId;
}

export const STRATEGIES: readonly Strategy[] = (Object.keys(table) as StrategyId[]).map((id) => ({
  id,
  ...table[id],
}));

/** The mask that a strategy makes; see `StrategyRule.mask`. */
export function maskByStrategy(
  id: StrategyId,
  noise: ArrayLike<number>,
  maskRatio: number,
  cells: Grid,
): Masking {
  return table[id].mask(noise, maskRatio, cells);
}

/** The strategy of that name, or undefined: for names that come from outside. */
export function findStrategy(id: string): Strategy | undefined {
  return STRATEGIES.find((strategy) => strategy.id === id);
}
