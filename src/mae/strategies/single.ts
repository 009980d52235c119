import { maskingWhere, orderBy } from './grid-cells.ts';
import type { StrategyRule } from './strategy.ts';

/** Keeps the one patch that random masking with the same noise keeps first. Not in the paper. */
export const single: StrategyRule = {
  usesRatio: false,
  usesSeed: true,
  mask(noise) {
    const [first] = orderBy(noise.length, (id) => noise[id] as number);
    return maskingWhere(noise.length, (id) => id !== first);
  },
};
