/** The masking strategies as one table: which there are and how they mask. Their words are in `locales/en/strategies.ts`. */
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
   * @throws LensError `mask-invalid` for another ratio, or when L is not a square
   */
  readonly mask: (noise: ArrayLike<number>, maskRatio: number) => Masking;
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
    mask: blockMasking,
  },
  grid: {
    usesRatio: true,
    usesSeed: false,
    mask: (noise, ratio) => gridMasking(noise.length, ratio),
  },
  checkerboard: {
    usesRatio: false,
    usesSeed: false,
    mask: (noise) => checkerboardMasking(noise.length),
  },
  centre: {
    usesRatio: true,
    usesSeed: false,
    mask: (noise, ratio) => centreMasking(noise.length, ratio),
  },
  border: {
    usesRatio: true,
    usesSeed: false,
    mask: (noise, ratio) => borderMasking(noise.length, ratio),
  },
  left: {
    usesRatio: false,
    usesSeed: false,
    mask: (noise) => leftMasking(noise.length),
  },
  right: {
    usesRatio: false,
    usesSeed: false,
    mask: (noise) => rightMasking(noise.length),
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
export function maskByStrategy(id: StrategyId, noise: ArrayLike<number>, maskRatio: number): Masking {
  return table[id].mask(noise, maskRatio);
}

/** The strategy of that name, or undefined: for names that come from outside. */
export function findStrategy(id: string): Strategy | undefined {
  return STRATEGIES.find((strategy) => strategy.id === id);
}
