/** The paper's words for the strategies, and why a control does nothing with one of them. */
import { findStrategy, type StrategyId } from '../../mae/strategies/strategies.ts';
import type { LensState } from '../../store/state.ts';

const TERMS: Partial<Readonly<Record<StrategyId, string>>> = {
  random: 'Random sampling (the paper’s default).',
  block: 'Block-wise sampling (paper, figure 6).',
  grid: 'Grid-wise sampling (paper, figure 6).',
};

export function paperTerm(id: StrategyId): string {
  return TERMS[id] ?? 'Not in the paper.';
}

/** Why the ratio does nothing now; null when it does. */
export function ratioReason({ settings }: LensState): string | null {
  const strategy = findStrategy(settings.strategy);
  if (strategy === undefined || strategy.usesRatio) return null;
  return `“${strategy.label}” always hides the same number of patches.`;
}

/** Why the seed does nothing now; null when it does. */
export function seedReason({ settings }: LensState): string | null {
  const strategy = findStrategy(settings.strategy);
  if (strategy === undefined || strategy.usesSeed) return null;
  return `“${strategy.label}” is not random: every seed gives the same mask.`;
}
