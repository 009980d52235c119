/** The masking strategies as one table: which there are, what they are called, and how they mask. */
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
  /** For people. */
  readonly label: string;
  /** One plain sentence on what it does. */
  readonly sentence: string;
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
    label: 'Random',
    sentence: 'Hides patches at random, each as likely as any other; this is what the model was trained on.',
    usesRatio: true,
    usesSeed: true,
    mask: randomMasking,
  },
  block: {
    label: 'Blocks',
    sentence: 'Hides large random blocks, so that whole parts of the image are gone.',
    usesRatio: true,
    usesSeed: true,
    mask: (noise, ratio, grid) => blockMasking(noise, grid, ratio),
  },
  grid: {
    label: 'Grid',
    sentence: 'Keeps patches in a regular pattern; at 75 % one of every four.',
    usesRatio: true,
    usesSeed: false,
    mask: (_, ratio, grid) => gridMasking(grid, ratio),
  },
  checkerboard: {
    label: 'Checkerboard',
    sentence: 'Hides every other patch, like the dark squares of a chessboard.',
    usesRatio: false,
    usesSeed: false,
    mask: (_, __, grid) => checkerboardMasking(grid),
  },
  centre: {
    label: 'Centre',
    sentence: 'Hides a square in the middle; the ratio is its size.',
    usesRatio: true,
    usesSeed: false,
    mask: (_, ratio, grid) => centreMasking(grid, ratio),
  },
  border: {
    label: 'Border',
    sentence: 'Hides a frame around the image; the ratio is its width.',
    usesRatio: true,
    usesSeed: false,
    mask: (_, ratio, grid) => borderMasking(grid, ratio),
  },
  left: {
    label: 'Left half',
    sentence: 'Hides the left half of the image.',
    usesRatio: false,
    usesSeed: false,
    mask: (_, __, grid) => leftMasking(grid),
  },
  right: {
    label: 'Right half',
    sentence: 'Hides the right half of the image.',
    usesRatio: false,
    usesSeed: false,
    mask: (_, __, grid) => rightMasking(grid),
  },
  single: {
    label: 'Single patch',
    sentence: 'Hides everything but one patch; the seed chooses which.',
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
