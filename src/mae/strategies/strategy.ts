import type { Grid } from '../geometry.ts';
import type { Masking } from '../masking.ts';

/** What one file of this folder says of its strategy; its name is its key in `strategies.ts`. */
export interface StrategyRule {
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
