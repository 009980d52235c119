/** What made a mask, as sentences take it. */
import type { MaskFacts } from '../locales/en/mask.ts';
import { findStrategy } from '../mae/strategies/strategies.ts';
import { type Masking, shownRatio } from '../store/mask/masking.ts';
import { GENERATOR_NAMES } from '../store/mask/settings.ts';

export function maskFacts(masking: Masking): MaskFacts {
  const { strategy, seed, generator, painted } = masking.settings;
  return {
    ratio: shownRatio(masking),
    strategy,
    seed: findStrategy(strategy)?.usesSeed === true ? seed : null,
    generator: GENERATOR_NAMES[generator],
    painted: painted.size > 0,
  };
}
