/** Why a control does nothing now, or not what one would think. */
import type { Words } from '../../locales/words.ts';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { LIVE_LIMIT_MS } from '../../store/result/throttle.ts';
import { forwardMs, type LensState } from '../../store/state.ts';

/** Why the ratio does nothing; null when it does. */
export function ratioReason({ settings: { strategy } }: LensState, { mask }: Words): string | null {
  return findStrategy(strategy)?.usesRatio === false ? mask.ratio.without({ strategy }) : null;
}

/** Why the seed does nothing; null when it does. */
export function seedReason({ settings: { strategy } }: LensState, { mask }: Words): string | null {
  return findStrategy(strategy)?.usesSeed === false ? mask.seed.without({ strategy }) : null;
}

/** What the ends of the ratio's scale mean; null between them. */
export function endNote({ masking }: LensState, { mask }: Words): string | null {
  if (masking.kept === masking.patches) return mask.ratio.nothingMasked;
  return masking.kept === 0 ? mask.ratio.nothingKept : null;
}

/** Said where a forward pass takes too long to follow the hand; null where it does not. */
export function paceNote(state: LensState, { mask }: Words): string | null {
  const pass = forwardMs(state);
  return pass === null || pass <= LIVE_LIMIT_MS ? null : mask.ratio.slow;
}
