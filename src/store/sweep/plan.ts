/** Which runs a sweep has, what speaks against it, and how they are put into batches: pure. */

import type { Geometry } from '../../mae/geometry.ts';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { type Masking, maskFor } from '../mask/masking.ts';
import { noiseOf, type Settings } from '../mask/settings.ts';

/** Many seeds at one ratio, or many ratios. */
export type SweepKind = 'seeds' | 'ratios';

/** How many seeds can be asked for. */
export const SEED_COUNTS = [8, 32, 128] as const;
/** How many seeds can be asked for at each ratio. */
export const SEEDS_PER_RATIO = [1, 3, 8] as const;

/** From 5 % to 95 %. At 0 % there is no loss, at 100 % nothing to go by. */
export const SWEEP_RATIOS: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/**
 * Why a sweep would tell nothing:
 * `no-seed`, every seed gives the same mask; `no-ratio`, every ratio does; `all-painted`, the hand left nothing to
 * either; `nothing-hidden` and `everything-hidden`, all runs are one.
 */
export type Obstacle = 'no-seed' | 'no-ratio' | 'all-painted' | 'nothing-masked' | 'everything-masked';

export function obstacleOf(kind: SweepKind, masking: Masking): Obstacle | null {
  const { settings, patches, kept } = masking;
  const strategy = findStrategy(settings.strategy);
  if (settings.painted.size === patches) return 'all-painted';
  if (kind === 'ratios') return strategy?.usesRatio === true ? null : 'no-ratio';
  if (strategy?.usesSeed !== true) return 'no-seed';
  if (kept === patches) return 'nothing-masked';
  return kept === 0 ? 'everything-masked' : null;
}

/**
 * The masks of a sweep's runs. What is painted stays painted.
 * @param seeds how many, at each ratio where there are many; one where the seed does not count
 * @throws LensError `seed-invalid`, `mask-invalid`
 */
export function planRuns(
  kind: SweepKind,
  settings: Settings,
  geometry: Geometry,
  seeds: number,
): readonly Masking[] {
  const count = findStrategy(settings.strategy)?.usesSeed === true ? seeds : 1;
  const all = seedsFrom(settings, count);
  const ratios = kind === 'ratios' ? SWEEP_RATIOS : [settings.ratio];
  return ratios.flatMap((ratio) => all.map((seed) => maskFor({ ...settings, ratio, seed }, geometry)));
}

/** The seed itself and those after it; before it, where the library's seeds end. */
export function seedsFrom(
  { seed, generator }: Pick<Settings, 'seed' | 'generator'>,
  count: number,
): readonly string[] {
  const at = (index: number) => String(BigInt(seed) + BigInt(index));
  const indices = Array.from({ length: count }, (_, index) => index);
  const upwards = isSeed(at(count - 1), generator);
  return indices.map((index) => at(upwards ? index : -index));
}

function isSeed(seed: string, generator: Settings['generator']): boolean {
  try {
    noiseOf(seed, generator, 1);
    return true;
  } catch {
    return false;
  }
}

/** How long a batch may keep the live view waiting, in milliseconds. */
const BATCH_MS = 150;
const MAX_BATCH = 8;

/**
 * The size of the next batch.
 * @param size of the last one
 * @param ms what it took
 */
export function nextBatchSize(size: number, ms: number): number {
  const affordable = Math.floor((BATCH_MS * size) / ms);
  // At most twice as many: a batch of few visible patches says little about one of many.
  return Math.max(1, Math.min(affordable, 2 * size, MAX_BATCH));
}

/** The first run that is left, with others that keep as many patches: a batch takes no others. */
export function takeBatch(
  left: readonly Masking[],
  size: number,
): { readonly batch: readonly Masking[]; readonly rest: readonly Masking[] } {
  const kept = left[0]?.kept;
  const batch = left.filter((masking) => masking.kept === kept).slice(0, size);
  const taken = new Set(batch);
  return { batch, rest: left.filter((masking) => !taken.has(masking)) };
}
