import { LIVE_LIMIT_MS } from '../../store/result/throttle.ts';
import { forwardMs, type LensState } from '../../store/state.ts';

/** Said where a forward pass takes too long to follow the hand; null where it does not. */
export function paceNote(state: LensState): string | null {
  const pass = forwardMs(state);
  return pass === null || pass <= LIVE_LIMIT_MS
    ? null
    : 'This model takes its time here: the mask follows at once, the painting when your hand rests.';
}
