/** From settings to a mask: pure, and quick enough to run while a slider moves. */
import { type Geometry, type Grid, geometryOf, patchCount } from '../../mae/geometry.ts';
import { maskWithPaint } from '../../mae/manual-mask.ts';
import type { Masking as MaskIds } from '../../mae/masking.ts';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { noiseOf, type Settings } from './settings.ts';

/** What the page assumes until a model says otherwise: base, large and the bundled model agree on it. */
export const DEFAULT_GEOMETRY: Geometry = geometryOf({ image_size: 224, patch_size: 16, num_channels: 3 });

/** A mask together with the settings that made it. */
export interface Masking extends MaskIds {
  readonly settings: Settings;
  readonly geometry: Geometry;
  /** Of `geometry`, the same object for all its masks. */
  readonly grid: Grid;
  /** L */
  readonly patches: number;
  /** Patches that the encoder sees. */
  readonly kept: number;
}

/** @throws LensError `seed-invalid`, `mask-invalid` */
export function maskFor(settings: Settings, geometry: Geometry): Masking {
  const { grid } = geometry;
  const patches = patchCount(grid);
  const { strategy, seed, generator, ratio, painted } = settings;
  const ids = maskWithPaint(strategy, noiseOf(seed, generator, patches), ratio, painted, grid);
  return { ...ids, settings, geometry, grid, patches, kept: ids.idsKeep.length };
}

/** The part of the patches that is masked: the ratio that was asked for, where the mask is made by it alone. */
export function shownRatio({ settings, kept, patches }: Masking): number {
  const { strategy, painted, ratio } = settings;
  const asAsked = findStrategy(strategy)?.usesRatio === true && (strategy === 'random' || painted.size === 0);
  return asAsked ? ratio : 1 - kept / patches;
}

/** Whether two masks hide the same patches. */
export function sameMask(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}
