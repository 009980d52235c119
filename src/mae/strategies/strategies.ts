/** The masking strategies as one table: which there are and how they mask. Their words are in `locales/en/strategies.ts`. */
import type { Grid } from '../geometry.ts';
import { type Masking, randomMasking } from '../masking.ts';
import { blockMasking } from './block.ts';
import { gridMasking } from './grid.ts';
import {
  borderMasking,
  centreMasking,
  checkerboardMasking,
  leftMasking,
  rightMasking,
  singleMasking,
} from './presets.ts';

export type StrategyId =
  | 'random'
  | 'block'
  | 'grid'
  | 'checkerboard'
  | 'centre'
  | 'border'
  | 'left'
  | 'right'
  | 'single';

export interface Strategy {
  readonly id: StrategyId;
  /** Whether the mask ratio counts; otherwise the strategy has its own, which its masks tell. */
  readonly usesRatio: boolean;
  /** Whether the noise counts; otherwise every seed gives the same mask. */
  readonly usesSeed: boolean;
  /**
   * @param noise [L] in [0, 1), from `torchRand` or `numpyUniform`
   * @param maskRatio the part to remove, from 0 to 1
   * @param grid of L patches
   * @throws LensError `mask-invalid` for another ratio
   */
  readonly mask: (noise: ArrayLike<number>, maskRatio: number, grid: Grid) => Masking;
}

const table: { readonly [Id in StrategyId]: Omit<Strategy, 'id'> } = {
  random: {
    usesRatio: true,
    usesSeed: true,
    mask: randomMasking,
  },
  block: {
    usesRatio: true,
    usesSeed: true,
    mask: (noise, ratio, grid) => blockMasking(noise, grid, ratio),
  },
  grid: {
    usesRatio: true,
    usesSeed: false,
    mask: (_, ratio, grid) => gridMasking(grid, ratio),
  },
  checkerboard: {
    usesRatio: false,
    usesSeed: false,
    mask: (_, __, grid) => checkerboardMasking(grid),
  },
  centre: {
    usesRatio: true,
    usesSeed: false,
    mask: (_, ratio, grid) => centreMasking(grid, ratio),
  },
  border: {
    usesRatio: true,
    usesSeed: false,
    mask: (_, ratio, grid) => borderMasking(grid, ratio),
  },
  left: {
    usesRatio: false,
    usesSeed: false,
    mask: (_, __, grid) => leftMasking(grid),
  },
  right: {
    usesRatio: false,
    usesSeed: false,
    mask: (_, __, grid) => rightMasking(grid),
  },
  single: {
    usesRatio: false,
    usesSeed: true,
    mask: (noise) => singleMasking(noise),
  },
};

/** In the order in which they are offered. */
export const STRATEGIES: readonly Strategy[] = (Object.keys(table) as StrategyId[]).map((id) => ({
  id,
  ...table[id],
}));

/** The mask that a strategy makes; see `Strategy.mask`. */
export function maskByStrategy(
  id: StrategyId,
  noise: ArrayLike<number>,
  maskRatio: number,
  grid: Grid,
): Masking {
  return table[id].mask(noise, maskRatio, grid);
}

/** The strategy of that name, or undefined: for names that come from outside. */
export function findStrategy(id: string): Strategy | undefined {
  return STRATEGIES.find((strategy) => strategy.id === id);
}
