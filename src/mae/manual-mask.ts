/** Masks that a hand has changed: painted patches win over whatever strategy lies beneath. */
import type { Grid } from './geometry.ts';
import { lenKeep, type Masking, maskFromIds, randomMasking } from './masking.ts';
import { maskByStrategy, type StrategyId } from './strategies/strategies.ts';

export type Paint = 'masked' | 'kept';

/** Painted patches by their number; all others are the strategy's. */
export type Painted = ReadonlyMap<number, Paint>;

export const NOTHING_PAINTED: Painted = new Map();

/**
 * The base with the painted patches changed, and nothing else: the number of visible patches follows the painting.
 * The encoder sees the base's visible patches in their order, then the newly visible ones in image order.
 * @throws LensError `mask-invalid` when a painted patch is not one of the image's
 */
export function paintMask(base: Masking, painted: Painted): Masking {
  const kept = Array.from(base.idsKeep).filter((id) => painted.get(id) !== 'masked');
  const fresh = visibleOf(painted).filter((id) => base.mask[id] !== 0);
  return checkedMask([...kept, ...fresh], base.mask.length, painted);
}

/**
 * Random masking around painted patches: as many patches are visible as the ratio asks, as far as the painted ones
 * allow; of the others, those with the smallest noise. After painting, `ratioForKeep` of the visible patches' number
 * gives the very mask that `paintMask` made, so that painting and moving the ratio mix freely.
 * @param noise [L]
 * @param maskRatio from 0 to 1
 * @throws LensError `mask-invalid` for another ratio, noise without an order, or a painted patch that does not exist
 */
export function withRatio(noise: ArrayLike<number>, maskRatio: number, painted: Painted): Masking {
  const length = noise.length;
  const visible = visibleOf(painted);
  const order = Array.from(randomMasking(noise, 0).idsShuffle);
  const free = order.filter((id) => !painted.has(id));
  const wanted = Math.max(0, lenKeep(length, maskRatio) - visible.length);
  const chosen = new Set(free.slice(0, wanted));
  for (const id of visible) chosen.add(id);
  return checkedMask(
    order.filter((id) => chosen.has(id)),
    length,
    painted,
  );
}

/**
 * The one mask that belongs to settings. Random masking keeps to the ratio around what is painted (`withRatio`).
 * The other strategies' patterns would change all over if their ratio followed the painting, so there the painted
 * patches come on top (`paintMask`) and the number of visible patches follows them.
 * @throws LensError `mask-invalid`
 */
export function maskWithPaint(
  strategy: StrategyId,
  noise: ArrayLike<number>,
  maskRatio: number,
  painted: Painted,
  grid: Grid,
): Masking {
  if (painted.size === 0) return maskByStrategy(strategy, noise, maskRatio, grid);
  if (strategy === 'random') return withRatio(noise, maskRatio, painted);
  return paintMask(maskByStrategy(strategy, noise, maskRatio, grid), painted);
}

/**
 * The shortest decimal ratio with which the reference keeps exactly `keep` of `length` patches.
 * @throws RangeError when `keep` is not a whole number from 0 to `length`
 */
export function ratioForKeep(length: number, keep: number): number {
  if (!Number.isInteger(keep) || keep < 0 || keep > length) {
    throw new RangeError(`${keep} of ${length} patches cannot be kept.`);
  }
  if (keep === length) return 0;
  const exact = 1 - keep / length;
  for (let digits = 1; digits <= 15; digits++) {
    // Downwards: a little less removed keeps the same number, a little more one patch fewer.
    const ratio = Math.floor(exact * 10 ** digits) / 10 ** digits;
    if (lenKeep(length, ratio) === keep) return ratio;
  }
  return 1 - (keep + 0.5) / length;
}

function visibleOf(painted: Painted): number[] {
  return Array.from(painted)
    .filter(([, paint]) => paint === 'kept')
    .map(([id]) => id)
    .sort((a, b) => a - b);
}

/** A masked patch that does not exist would pass unnoticed, so it is listed too: `maskFromIds` refuses it. */
function checkedMask(idsKeep: readonly number[], length: number, painted: Painted): Masking {
  const stranger = Array.from(painted.keys()).find((id) => !(Number.isInteger(id) && id >= 0 && id < length));
  return maskFromIds(stranger === undefined ? idsKeep : [stranger], length);
}
