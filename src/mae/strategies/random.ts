import { randomMasking } from '../masking.ts';
import type { StrategyRule } from './strategy.ts';

/** Random sampling, the paper's own and what the models are trained with: the patches with the smallest noise are kept. */
export const random: StrategyRule = { usesRatio: true, usesSeed: true, mask: randomMasking };
